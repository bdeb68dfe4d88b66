import { type DomainsFile, domainName, domainsVersion, type SshDomainEntry, type TlsClientEntry } from "../../shared/domains";
import type { HostDomain } from "../../shared/host";

/** What a domain takes from a host. */
export interface DomainHost {
  readonly id: string;
  readonly address: string;
  readonly user?: string | undefined;
  readonly port?: number | undefined;
  readonly domain: HostDomain;
}

/** The domains that WezTerm is to have for the hosts, by name. `tlsPort`: where `tls_servers` of every such host listens. */
export function domainsOf(hosts: Iterable<DomainHost>, tlsPort: number): DomainsFile {
  const named = [...hosts]
    .filter(({ id, domain }) => domainName(id, domain) !== undefined)
    .sort((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)));
  const tls = named.filter(({ domain }) => domain === "tls");
  return {
    version: domainsVersion,
    ssh_domains: named.filter((host) => !tls.includes(host)).map(sshEntry),
    tls_clients: tls.map((host) => tlsEntry(host, tlsPort)),
  };
}

/** The port as an option of ssh: in the address it would be taken for a part of an IPv6 one (read in mux/src/ssh.rs). */
function sshEntry({ id, address, user, port, domain }: DomainHost): SshDomainEntry {
  return {
    name: id,
    remote_address: address,
    username: user,
    multiplexing: domain === "mux" ? "WezTerm" : "None",
    ssh_option: port === undefined ? undefined : { port: String(port) },
  };
}

function tlsEntry({ id, address, user, port }: DomainHost, tlsPort: number): TlsClientEntry {
  const host = address.includes(":") ? `[${address}]` : address;
  return {
    name: id,
    remote_address: `${host}:${tlsPort}`,
    bootstrap_via_ssh: `${user === undefined ? "" : `${user}@`}${host}${port === undefined ? "" : `:${port}`}`,
  };
}
