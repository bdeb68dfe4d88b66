import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { OctoError } from "../../octo-error";
import { addressText, type SshAddress } from "./address";
import { runBriefly } from "./run-briefly";
import type { SshProgram } from "./ssh-arguments";
import { readSshConfig } from "./ssh-config";

const keysMax = 8;

/**
 * ssh says the same whether the host knows none of our keys or a key was never offered since nobody could give its passphrase. The second
 * is HOST_AUTH_LOCKED: a key file is encrypted, and no agent holds it.
 */
export async function explainDenied(ssh: SshProgram, address: SshAddress, denied: OctoError): Promise<OctoError> {
  try {
    const { identityFiles } = await readSshConfig(ssh, address);
    const files = identityFiles.map((file) => file.replace(/^~(?=\/)/, homedir())).filter((file) => existsSync(file));
    const held = await keysOfAgent(ssh);
    for (const file of files.slice(0, keysMax)) {
      if (!(await isLocked(ssh, file)) || held.includes(await fingerprintOf(ssh, file))) continue;
      return new OctoError(
        "HOST_AUTH_LOCKED",
        `${addressText(address)}: ${file} has a passphrase and no agent holds it; ${denied.message}`,
      );
    }
    return denied;
  } catch {
    return denied;
  }
}

/** Opens with the empty passphrase? ssh-keygen(1): -y prints the public half. */
async function isLocked(ssh: SshProgram, file: string): Promise<boolean> {
  const result = await runBriefly(ssh, "ssh-keygen", ["-y", "-P", "", "-f", file]);
  return result.exitCode !== 0 && /passphrase/.test(result.stderr);
}

async function fingerprintOf(ssh: SshProgram, file: string): Promise<string> {
  const { stdout } = await runBriefly(ssh, "ssh-keygen", ["-l", "-f", file]);
  return stdout.split(" ")[1] ?? "unknown";
}

async function keysOfAgent(ssh: SshProgram): Promise<readonly string[]> {
  const { stdout } = await runBriefly(ssh, "ssh-add", ["-l"]);
  return stdout.split("\n").map((line) => line.split(" ")[1] ?? "");
}
