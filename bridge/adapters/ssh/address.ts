import { OctoError } from "../../octo-error";

export interface SshAddress {
  readonly host: string;
  readonly user?: string | undefined;
  readonly port?: number | undefined;
}

/** A name of ~/.ssh/config, a DNS name or IPv4 address. Nothing in it means anything to ssh, a shell or a `ProxyCommand`. */
const hostPattern = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,252}$/;
const ipv6Pattern = /^(?=(?:[^:]*:){2})[0-9A-Fa-f:.]{2,45}(?:%[A-Za-z0-9_.-]{1,32})?$/;
/** portable names of useradd(8), and `DOMAIN+user` or `user.name` of directories. */
const userPattern = /^[A-Za-z0-9_][A-Za-z0-9._+-]{0,63}$/;
const namePattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/;

/** octo's own name of a host: shown, typed, part of file names. HOST_NAME_INVALID. */
export function checkHostName(name: string): void {
  if (namePattern.test(name) && name.toLowerCase() !== "local") return;
  throw new OctoError("HOST_NAME_INVALID", `"${shown(name)}" is no name for a host`);
}

/** `[user@]host`, an IPv6 address with or without brackets. HOST_ADDRESS_INVALID. */
export function parseAddress(text: string): SshAddress {
  const split = text.lastIndexOf("@");
  const user = split < 0 ? undefined : text.slice(0, split);
  const host = text.slice(split + 1).replace(/^\[(.*)\]$/, "$1");
  const address = user === undefined ? { host } : { host, user };
  checkAddress(address);
  return address;
}

/** HOST_ADDRESS_INVALID; a leading dash would be an option of ssh's. */
export function checkAddress({ host, user, port }: SshAddress): void {
  if (!hostPattern.test(host) && !ipv6Pattern.test(host)) {
    throw new OctoError("HOST_ADDRESS_INVALID", `"${shown(host)}" is no address that octo gives to ssh`);
  }
  if (user !== undefined && !userPattern.test(user)) {
    throw new OctoError("HOST_ADDRESS_INVALID", `"${shown(user)}" is no name of a user that octo gives to ssh`);
  }
  if (port !== undefined && !(Number.isSafeInteger(port) && port >= 1 && port <= 65_535)) {
    throw new OctoError("HOST_ADDRESS_INVALID", `${port} is no port`);
  }
}

/** For messages: `[user@]host[:port]`. */
export function addressText({ host, user, port }: SshAddress): string {
  return `${user === undefined ? "" : `${user}@`}${host}${port === undefined ? "" : `:${port}`}`;
}

function shown(text: string): string {
  return text.replace(/\p{C}/gu, "?").slice(0, 80);
}
