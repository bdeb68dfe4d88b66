import type { HostDomain } from "./host";

/** Raised when a reader of an older octo could misunderstand the file. */
export const domainsVersion = 1;

/** An entry of WezTerm's `ssh_domains`, in WezTerm's own words. Source: config/src/ssh.rs. */
export interface SshDomainEntry {
  /** The host's; WezTerm takes a name once only, whatever kind of domain has it. */
  readonly name: string;
  /** A name of ~/.ssh/config, which WezTerm reads too, a DNS name, or an IP address. */
  readonly remote_address: string;
  readonly username?: string | undefined;
  /** `None`: panes end with the connection, no WezTerm is needed there. `WezTerm`: they live in a mux server there. */
  readonly multiplexing: "None" | "WezTerm";
  readonly ssh_option?: { readonly port: string } | undefined;
}

/** An entry of WezTerm's `tls_clients`. Source: config/src/tls.rs. */
export interface TlsClientEntry {
  readonly name: string;
  /** Where `tls_servers` of the host listens; its certificate must name that (seen). */
  readonly remote_address: string;
  /** `user@host:port`: the certificates are fetched that way. */
  readonly bootstrap_via_ssh: string;
}

/**
 * `domains.json` in the state folder (`$XDG_STATE_HOME/octo`, else `~/.local/state/octo`): written whole by the bridge, only when it
 * changes, and absent while no host ever had a domain; read by the plugin when WezTerm evaluates its configuration.
 */
export interface DomainsFile {
  readonly version: typeof domainsVersion;
  readonly ssh_domains: readonly SshDomainEntry[];
  readonly tls_clients: readonly TlsClientEntry[];
}

/** The name that panes of the host are spawned with; undefined where they are local. */
export function domainName(host: string, domain: HostDomain): string | undefined {
  return domain === "none" ? undefined : host;
}
