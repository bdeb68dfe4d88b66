import { execa } from "execa";
import { type SshProgram, sshEnvironment } from "./ssh-arguments";

/** `ssh -G` takes 21 ms (measured); a `Match exec` of the user's may take longer. */
const deadlineMs = 5_000;

/** A program of ssh's that asks nobody anything and no host, with the user's environment. Raises nothing: see `failed` and `code`. */
export function runBriefly(ssh: SshProgram, command: string, args: readonly string[]) {
  return execa(command, args, {
    env: sshEnvironment(ssh),
    extendEnv: false,
    stdin: "ignore",
    reject: false,
    timeout: deadlineMs,
    killSignal: "SIGKILL",
  });
}
