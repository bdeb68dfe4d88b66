import { access, chmod, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eventually } from "./eventually";

/** A `git` for a PATH, whose next command with a certain word waits until the gate is opened. */
export interface GitGate {
  /** From now on each git command with this argument waits. */
  closeFor(argument: string): Promise<void>;
  /** Settles when a command waits at the gate. */
  reached(): Promise<void>;
  open(): Promise<void>;
}

export async function gitGate(folder: string): Promise<GitGate> {
  const gate = join(folder, "git-gate");
  const reached = join(folder, "git-gate-reached");
  const script = [
    "#!/bin/sh",
    `if [ -e "${gate}" ]; then`,
    `  case " $* " in *" $(cat "${gate}") "*) : > "${reached}"; while [ -e "${gate}" ]; do sleep 0.02; done ;; esac`,
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
    reached: () => eventually(() => access(reached), { timeoutMs: 10_000 }),
    open: () => rm(gate, { force: true }),
  };
}
