import { addressText, type SshAddress } from "./address";
import { runBriefly } from "./run-briefly";
import { configArguments, type SshProgram } from "./ssh-arguments";
import { sshError } from "./ssh-error";

export interface SshConfig {
  readonly hostname: string;
  readonly user: string;
  readonly port: string;
  readonly identityFiles: readonly string[];
  readonly usesProxy: boolean;
  /** Undefined where nobody set one ("none"). */
  readonly connectTimeoutS: number | undefined;
}

/** What the user's configuration makes of the address. HOST_CONFIG_BROKEN. */
export async function readSshConfig(ssh: SshProgram, address: SshAddress): Promise<SshConfig> {
  const result = await runBriefly(ssh, ssh.command ?? "ssh", configArguments(ssh, address));
  if (result.failed)
    throw sshError(addressText(address), result.stderr, result.code === "ENOENT" ? "HOST_SSH_MISSING" : "HOST_CONFIG_BROKEN");
  const fields = result.stdout.split("\n").map((line): readonly [string, string] => {
    const split = line.indexOf(" ");
    return split < 0 ? [line, ""] : [line.slice(0, split), line.slice(split + 1)];
  });
  const all = (name: string) => fields.filter(([field]) => field === name).map(([, value]) => value);
  const first = (name: string) => all(name)[0] ?? "";
  const connectTimeoutS = Number(first("connecttimeout"));
  return {
    hostname: first("hostname"),
    user: first("user"),
    port: first("port"),
    identityFiles: all("identityfile"),
    usesProxy: [...all("proxyjump"), ...all("proxycommand")].some((value) => value !== "none"),
    connectTimeoutS: connectTimeoutS > 0 ? connectTimeoutS : undefined,
  };
}
