import type { SshConfig } from "./ssh-config";

/** ConnectTimeout where nobody set one: ends a connect and the wait for the server's banner, not a slow key exchange. */
const timeoutS = 3;
/** From start to a working control socket. A jump host and a slow key exchange count too. */
const deadlineMs = 15_000;
const deadlineMaxMs = 300_000;
/** For what comes after the user's own ConnectTimeout. */
const afterMs = 10_000;

/**
 * How long a try to connect may take: what ssh is told (ssh_config(5), ConnectTimeout), and when octo ends it. What the user set stays as it
 * is, and behind a proxy the wait for the banner is that for all hosts on the way. `config` is undefined where it cannot be read.
 */
export function connectTimes(config: Pick<SshConfig, "connectTimeoutS" | "usesProxy"> | undefined): {
  readonly optionS: number | undefined;
  readonly deadlineMs: number;
} {
  if (config?.connectTimeoutS !== undefined)
    return { optionS: undefined, deadlineMs: Math.min(deadlineMaxMs, Math.max(deadlineMs, config.connectTimeoutS * 1_000 + afterMs)) };
  return { optionS: config === undefined || config.usesProxy ? undefined : timeoutS, deadlineMs };
}
