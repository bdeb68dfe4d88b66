import * as wezterm from "wezterm";
import { domainsVersion, type SshDomainEntry, type TlsClientEntry } from "../shared/domains";
import { attempt } from "./attempt";
import { readFile } from "./link/private-file";
import { warnOnce } from "./log";
import { isTable, tableAt, tablesAt, textAt } from "./read";

export interface Domains {
  readonly ssh: readonly SshDomainEntry[];
  readonly tls: readonly TlsClientEntry[];
}

/** Hundreds of hosts; read at each evaluation of the configuration. */
const fileBytesMax = 256 * 1024;

/** What the file says, as far as it can be read; undefined where there is none. What cannot be used is one line in the log. */
export function readDomains(path: string): Domains | undefined {
  const text = readFile(path, fileBytesMax);
  if (text === undefined) return undefined;
  const parsed = attempt(() => wezterm.json_parse(text));
  if (!parsed.ok || !isTable(parsed.value)) {
    warnOnce(`${path} is cut off or no JSON: the hosts have no domains of WezTerm`);
    return undefined;
  }
  if (parsed.value.version !== domainsVersion) {
    warnOnce(`${path} is of another version of octo: update this plugin, or octo; the hosts have no domains of WezTerm`);
    return undefined;
  }
  return { ssh: entriesOf(path, parsed.value, "ssh_domains", sshEntry), tls: entriesOf(path, parsed.value, "tls_clients", tlsEntry) };
}

/** Those that WezTerm takes: it refuses a whole configuration for one wrong field. */
function entriesOf<Entry extends { readonly name: string }>(
  path: string,
  file: unknown,
  list: string,
  read: (this: void, entry: unknown) => Entry | undefined,
): readonly Entry[] {
  const entries: Entry[] = [];
  for (const item of tablesAt(file, list)) {
    const entry = read(item);
    if (entry === undefined) warnOnce(`${path}: ${list} has an entry that WezTerm does not take (${textAt(item, "name") ?? "no name"})`);
    else if (!entries.some(({ name }) => name === entry.name)) entries.push(entry);
  }
  return entries;
}

function sshEntry(from: unknown): SshDomainEntry | undefined {
  const [name, address, username] = [nameOf(from), textAt(from, "remote_address"), textAt(from, "username")];
  const multiplexing = textAt(from, "multiplexing");
  if (name === undefined || address === undefined || (multiplexing !== "None" && multiplexing !== "WezTerm")) return undefined;
  const port = textAt(tableAt(from, "ssh_option"), "port");
  return {
    name,
    remote_address: address,
    multiplexing,
    ...(username === undefined ? {} : { username }),
    ...(port === undefined ? {} : { ssh_option: { port } }),
  };
}

function tlsEntry(from: unknown): TlsClientEntry | undefined {
  const [name, address, bootstrap] = [nameOf(from), textAt(from, "remote_address"), textAt(from, "bootstrap_via_ssh")];
  if (name === undefined || address === undefined || bootstrap === undefined) return undefined;
  return { name, remote_address: address, bootstrap_via_ssh: bootstrap };
}

/** WezTerm's own name, and none, are no names. */
function nameOf(from: unknown): string | undefined {
  const name = textAt(from, "name");
  return name === "" || name === "local" ? undefined : name;
}
