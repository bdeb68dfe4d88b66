import * as wezterm from "wezterm";
import { attempt } from "./attempt";
import { type Domains, readDomains } from "./domains-file";
import { warnOnce } from "./log";
import { setup } from "./setup";

// The bridge tells in `domains.json` which hosts are to have a domain of WezTerm's. A domain is made when a GUI starts, from the
// configuration of that moment, and never afterwards (seen).

/** The part of the configuration that is touched, and what else may hold a name. */
export interface DomainConfig {
  ssh_domains?: readonly object[];
  tls_clients?: readonly object[];
  unix_domains?: readonly object[];
  exec_domains?: readonly object[];
  wsl_domains?: readonly object[];
}

/** WezTerm's own, where the user sets no `unix_domains`. */
const defaultUnixDomain = "unix";

/** Adds the hosts' domains to those of the user and of WezTerm. One whose name is taken already is left out, and said in the log. */
export function addDomains(config: DomainConfig): void {
  const found = readDomains(`${setup().folders.state}/domains.json`);
  if (found === undefined) return;
  const free = withoutTaken(found, namesIn(config));
  // Setting the list takes away those that WezTerm makes of ~/.ssh/config.
  if (free.ssh.length > 0) config.ssh_domains = [...(config.ssh_domains ?? wezterm.default_ssh_domains()), ...free.ssh];
  if (free.tls.length > 0) config.tls_clients = [...(config.tls_clients ?? []), ...free.tls];
}

/** A name counts once for all kinds of domains: WezTerm refuses a configuration that has it twice. */
function namesIn(config: DomainConfig): ReadonlySet<string> {
  const names = new Set<string>();
  if (config.unix_domains === undefined) names.add(defaultUnixDomain);
  for (const list of [config.ssh_domains, config.tls_clients, config.unix_domains, config.exec_domains, config.wsl_domains]) {
    for (const domain of list ?? []) {
      const name = attempt(() => nameOf(domain));
      if (name.ok && name.value !== undefined) names.add(name.value);
    }
  }
  return names;
}

function nameOf(domain: { readonly name?: unknown }): string | undefined {
  return typeof domain.name === "string" ? domain.name : undefined;
}

function withoutTaken({ ssh, tls }: Domains, taken: ReadonlySet<string>): Domains {
  const isFree = ({ name }: { readonly name: string }): boolean => {
    if (taken.has(name)) warnOnce(`the domain ${name} is yours already: octo leaves it as it is, and opens the host's panes in it`);
    return !taken.has(name);
  };
  return { ssh: ssh.filter((each) => isFree(each)), tls: tls.filter((each) => isFree(each)) };
}
