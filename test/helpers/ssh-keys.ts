import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A new ed25519 key pair; gives the public half. */
export async function makeKey(file: string, passphrase = ""): Promise<string> {
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", passphrase, "-C", "octo-test", "-f", file]);
  const { stdout } = await run("ssh-keygen", ["-y", "-P", passphrase, "-f", file]);
  return stdout.trim();
}
