import type * as wezterm from "wezterm";
import { isHostId } from "../ids";
import { call } from "../link/call";
import { tablesAt, textAt } from "../read";
import { tell, tellRefusal } from "../tell";
import { askLine, choose } from "./forms";
import { report } from "./tasks";

export const hostLineEvent = "octo-host-line";
export const hostEvent = "octo-host";

/** The hosts that instances run on. Yields. */
export function hosts(window: wezterm.Window, pane: wezterm.Pane): void {
  const listed = call("list_opencode_servers", {});
  if (!listed.ok) return tellRefusal(window, "the hosts are not known", listed);
  const counts = new Map<string, number>([["local", 0]]);
  for (const instance of tablesAt(listed.result, "instances")) {
    const host = textAt(instance, "host") ?? "local";
    counts.set(host, (counts.get(host) ?? 0) + 1);
  }
  const choices = [...counts].map(([name, count]) => ({ id: name, label: `${name}  ${count} instances` }));
  choose(window, pane, hostEvent, "Hosts", [...choices, { id: "add:", label: "add a host" }]);
}

export function onHost(window: wezterm.Window, pane: wezterm.Pane, id: string | undefined): void {
  if (id === "add:") addHost(window, pane);
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
