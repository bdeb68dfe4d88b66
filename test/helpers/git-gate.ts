import { chmod, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eventually } from "./eventually";

/** A `git` for a PATH, whose next command with a certain word waits until the gate is opened. */
export interface GitGate {
  /** From now on each git command with this argument waits. */
  closeFor(argument: string): Promise<void>;
  /** Settles with the pid of the command that waits at the gate, once there is one. */
  reached(): Promise<number>;
  open(): Promise<void>;
}

export async function gitGate(folder: string): Promise<GitGate> {
  const gate = join(folder, "git-gate");
  const reached = join(folder, "git-gate-reached");
  const script = [
    "#!/bin/sh",
    `if [ -e "${gate}" ]; then`,
    `  case " $* " in *" $(cat "${gate}") "*) echo $$ > "${reached}"; while [ -e "${gate}" ]; do sleep 0.02; done ;; esac`,
    "fi",
    `PATH='${process.env.PATH ?? ""}' exec git "$@"`,
  ];
  await writeFile(join(folder, "git"), `${script.join("\n")}\n`);
  await chmod(join(folder, "git"), 0o755);
  return {
    async closeFor(argument) {
      await rm(reached, { force: true });
      await writeFile(gate, argument);
    },
    reached: () =>
      eventually(
        async () => {
          const pid = Number(await readFile(reached, "utf8"));
          if (pid === 0) throw new Error("it is not written yet");
          return pid;
        },
        { timeoutMs: 10_000 },
      ),
    open: () => rm(gate, { force: true }),
  };
}
