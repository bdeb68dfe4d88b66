import type { SshAddress } from "./address";

/** Which ssh, and with whose configuration. */
export interface SshProgram {
  /** `ssh` of the PATH when absent. */
  readonly command?: string | undefined;
  /** Instead of the user's ~/.ssh/config (`ssh -F`): for tests. */
  readonly configFile?: string | undefined;
  /** The user's environment, asked at each start: SSH_AUTH_SOCK changes with each login. */
  readonly environment: () => Readonly<Record<string, string | undefined>>;
}

/** Seconds. A frozen link is noticed after interval x count, 5 s measured with these. */
const aliveIntervalS = 2;
const aliveCountMax = 2;

const option = (text: string): readonly string[] => ["-o", text];

/** The user's configuration decides how the host is reached; what only a person's terminal needs is left out. Source: ssh_config(5). */
function targetArguments({ configFile }: SshProgram, { host, user, port }: SshAddress): readonly string[] {
  return [
    ...(configFile === undefined ? [] : ["-F", configFile]),
    ...(user === undefined ? [] : ["-l", user]),
    ...(port === undefined ? [] : ["-p", String(port)]),
    "--",
    host,
  ];
}

/** The one connection of a host, in the foreground: all else goes through it. `connectTimeoutS`: as connect-times.ts says. */
export function masterArguments(
  ssh: SshProgram,
  address: SshAddress,
  controlPath: string,
  connectTimeoutS: number | undefined,
): readonly string[] {
  return [
    "-M",
    "-N",
    "-T",
    "-S",
    controlPath,
    ...option("ControlPersist=no"),
    ...option("BatchMode=yes"),
    ...(connectTimeoutS === undefined ? [] : option(`ConnectTimeout=${connectTimeoutS}`)),
    ...option(`ServerAliveInterval=${aliveIntervalS}`),
    ...option(`ServerAliveCountMax=${aliveCountMax}`),
    ...option("ExitOnForwardFailure=yes"),
    // The user's own LocalForward lines belong to the user's own connections: here a busy port would end the master.
    ...option("ClearAllForwardings=yes"),
    ...option("StreamLocalBindUnlink=yes"),
    ...option("RemoteCommand=none"),
    ...option("RequestTTY=no"),
    ...option("ForkAfterAuthentication=no"),
    // What it says is how failures are told apart.
    ...option("LogLevel=INFO"),
    ...targetArguments(ssh, address),
  ];
}

/** `ssh -G`: the configuration that counts for the address. */
export function configArguments(ssh: SshProgram, address: SshAddress): readonly string[] {
  return ["-G", ...targetArguments(ssh, address)];
}

/** What a client says whose master is gone; ssh's own words for that depend on which end of a pipe closes first (seen on a busy machine). */
export const masterGone = "the connection to the host is gone";

/**
 * For a client of the master. It needs no configuration, and with a proxy that fails at once it never connects by itself where the
 * master is gone (by default ssh does, silently: seen).
 */
function clientArguments(controlPath: string): readonly string[] {
  const alone = [
    ...option("ControlMaster=no"),
    // A shell of its own keeps ssh's pipe open until the words are out: at its end ssh kills its proxy (seen).
    ...option(`ProxyCommand=/bin/sh -c 'echo ${masterGone} >&2; exit 255'`),
    ...option("BatchMode=yes"),
    ...option("LogLevel=ERROR"),
  ];
  return ["-F", "none", "-T", "-S", controlPath, ...alone];
}

/** The host's name for ssh's clients of a master: nobody looks it up. */
const anyName = "octo";

/** A POSIX shell on the host that reads its program from stdin. Whatever the login shell is (sh, fish, csh), it understands this. */
export function shellArguments(controlPath: string): readonly string[] {
  return [...clientArguments(controlPath), "--", anyName, "exec /bin/sh -s"];
}

export function controlArguments(controlPath: string, request: readonly [string, ...string[]]): readonly string[] {
  const [command, ...more] = request;
  return [...clientArguments(controlPath), "-O", command, ...more, "--", anyName];
}

/** The environment of every ssh: the user's, English messages, and nobody is asked anything, not by a dialog either. */
export function sshEnvironment({ environment }: SshProgram): Readonly<Record<string, string | undefined>> {
  return { ...environment(), LC_ALL: "C", SSH_ASKPASS_REQUIRE: "never" };
}
