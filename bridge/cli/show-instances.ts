import type { InstanceStateName, InstanceView } from "../../shared/instance";
import { showBytes } from "../figures";
import { oneLine } from "../inert";
import { type Column, table } from "./table";
import type { Style, Terminal } from "./terminal";

const columns: readonly Column[] = [
  { title: "INSTANCE" },
  { title: "NAME" },
  { title: "STATE" },
  { title: "PORT", align: "right" },
  { title: "PID", align: "right" },
  { title: "SLOTS", align: "right" },
  { title: "WAITING", align: "right" },
  { title: "MEMORY", align: "right" },
  { title: "VERSION" },
  { title: "LABELS AND TROUBLE", flexible: true },
];

export function instanceTable(instances: readonly InstanceView[], terminal: Terminal): Promise<string> {
  const { outStyle: style, columns: width } = terminal;
  const rows = instances.map((instance) => [
    { text: instance.id },
    { text: oneLine(instance.name) },
    { text: instance.state, paint: paintOf(instance.state, style) },
    { text: String(instance.port) },
    { text: instance.pid === undefined ? "-" : String(instance.pid) },
    { text: `${instance.running}/${instance.slots}` },
    { text: String(instance.waiting) },
    { text: instance.rssBytes === undefined ? "-" : showBytes(instance.rssBytes) },
    { text: oneLine(instance.version ?? "-") },
    { text: remarks(instance) },
  ]);
  return table(columns, rows, { columns: width, paintTitle: style.dim });
}

function remarks({ labels, error }: InstanceView): string {
  const trouble = error ? [`${error.code}: ${oneLine(error.message)}`] : [];
  return [...labels, ...trouble].join(" ");
}

function paintOf(state: InstanceStateName, style: Style): (text: string) => string {
  if (state === "ready") return style.green;
  if (state === "failed") return style.red;
  return state === "stopped" ? style.dim : style.yellow;
}
