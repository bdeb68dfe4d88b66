import { nextStep } from "../../shared/errors";
import type { HostCheck, HostLinkName, HostView } from "../../shared/host";
import { showAge, showBytes } from "../figures";
import { oneLine } from "../inert";
import { type Column, table } from "./table";
import type { Style, Terminal } from "./terminal";

const columns: readonly Column[] = [
  { title: "HOST" },
  { title: "ADDRESS" },
  { title: "LINK" },
  { title: "SINCE", align: "right" },
  { title: "TRIP", align: "right" },
  { title: "LOAD", align: "right" },
  { title: "FREE", align: "right" },
  { title: "DISK", align: "right" },
  { title: "HEARD", align: "right" },
  { title: "LABELS AND TROUBLE", flexible: true },
];

export function hostTable(hosts: readonly HostView[], terminal: Terminal): Promise<string> {
  const { outStyle: style, columns: width } = terminal;
  const rows = hosts.map(({ name, user, address, port, link, linkAgeMs, figures, labels, error }) => [
    { text: name },
    { text: oneLine(`${user === undefined ? "" : `${user}@`}${address}${port === undefined ? "" : `:${port}`}`) },
    { text: link, paint: paintOf(link, style) },
    { text: showAge(linkAgeMs) },
    { text: figures ? `${figures.roundTripMs.toFixed(1)} ms` : "-" },
    { text: figures ? `${figures.load.toFixed(1)}/${figures.cores}` : "-" },
    { text: figures ? showBytes(figures.memoryFreeBytes) : "-" },
    { text: figures ? showBytes(figures.diskFreeBytes) : "-" },
    { text: figures ? showAge(figures.ageMs) : "-" },
    { text: [...labels, ...(error ? [`${error.code}: ${oneLine(error.message)}`] : [])].join(" ") },
  ]);
  return table(columns, rows, { columns: width, paintTitle: style.dim });
}

/** A line each, and what to do after those that are not well. */
export function checkLines(checks: readonly HostCheck[], { outStyle: style }: Terminal): string {
  const signs = { ok: style.green("ok     "), warn: style.yellow("warn   "), fail: style.red("fail   "), skipped: style.dim("skipped") };
  const widest = Math.max(...checks.map(({ step }) => step.length));
  const lines = checks.map(({ step, outcome, message, error }) => {
    const next = error ? `\n${" ".repeat(widest + 10)}${style.dim(`${error.code}:`)} ${nextStep(error)}` : "";
    return `${step.padEnd(widest)}  ${signs[outcome]} ${oneLine(message)}${next}`;
  });
  return `${lines.join("\n")}\n`;
}

function paintOf(link: HostLinkName, style: Style): (text: string) => string {
  if (link === "connected") return style.green;
  return link === "unreachable" ? style.red : style.yellow;
}
