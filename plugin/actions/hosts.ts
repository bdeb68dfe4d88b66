import type * as wezterm from "wezterm";
import { isHostId } from "../ids";
import { call } from "../link/call";
import { tableAt, tablesAt, textAt } from "../read";
import { tell, tellRefusal } from "../tell";
import { askLine, choose, splitId } from "./forms";
import { report } from "./tasks";
import { runOcto } from "./terminal";

export const hostLineEvent = "octo-host-line";
export const hostEvent = "octo-host";
export const hostActionEvent = "octo-host-action";

/** The hosts, and what octo knows of each. Yields. */
export function hosts(window: wezterm.Window, pane: wezterm.Pane): void {
  const listed = call("list_hosts", {});
  if (!listed.ok) return tellRefusal(window, "the hosts are not known", listed);
  const choices = tablesAt(listed.result, "hosts").map((host) => ({ id: `host:${textAt(host, "name") ?? ""}`, label: labelOf(host) }));
  choose(window, pane, hostEvent, "Hosts", [...choices, { id: "add:", label: "add a host" }]);
}

function labelOf(host: unknown): string {
  const error = textAt(tableAt(host, "error"), "message");
  const domain = textAt(host, "domain") ?? "none";
  const parts = [textAt(host, "name") ?? "", textAt(host, "address") ?? "", textAt(host, "link") ?? ""];
  if (domain !== "none") parts.push(`domain: ${domain}`);
  if (error !== undefined) parts.push(error);
  return parts.join("  ");
}

export function onHost(window: wezterm.Window, pane: wezterm.Pane, id: string | undefined): void {
  const [verb, name] = splitId(id ?? "");
  if (verb === "add") return addHost(window, pane);
  if (verb !== "host") return;
  choose(window, pane, hostActionEvent, name, [
    { id: `spawn:${name}`, label: "start an instance there" },
    { id: `check:${name}`, label: "check it" },
    { id: `remove:${name}`, label: "remove it" },
  ]);
}

export function onHostAction(window: wezterm.Window, _pane: wezterm.Pane, id: string | undefined): void {
  const [verb, name] = splitId(id ?? "");
  if (!isHostId(name)) return;
  if (verb === "spawn") return report(window, `an instance starts on ${name}`, call("spawn_opencode_server", { host: name, count: 1 }, 60));
  if (verb === "check") return runOcto(window, ["hosts", "check", name], "wait");
  if (verb === "remove") report(window, `host ${name} is removed`, call("remove_host", { name }, 60));
}

export function addHost(window: wezterm.Window, pane: wezterm.Pane): void {
  askLine(window, pane, hostLineEvent, "New host: NAME USER@ADDRESS");
}

export function onHostLine(window: wezterm.Window, _pane: wezterm.Pane, line: string | undefined): void {
  if (line === undefined || line === "") return;
  const [name, username, address] = string.match(line, "^%s*(%S+)%s+([^%s@]+)@(%S+)%s*$");
  if (!isHostId(name) || username === undefined || address === undefined) return tell("a host is written as NAME USER@ADDRESS");
  report(window, `host ${name} is added`, call("create_wezterm_domain", { name, address, username }, 60));
}
