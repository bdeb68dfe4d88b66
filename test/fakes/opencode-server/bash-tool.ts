import { spawn } from "node:child_process";
import { sendSignal } from "../../../bridge/send-signal";
import { Aborted } from "./waiting";

const outputBytesMax = 64 * 1024;

/** Shell commands as OpenCode's bash tool runs them: each in a session and group of its own, marked in its environment (seen). */
export interface Shells {
  run(
    command: string,
    options: { readonly directory: string; readonly signal: AbortSignal; readonly output: (text: string) => void },
  ): Promise<{ readonly output: string; readonly exit: number | null }>;
  /** SIGKILL to every group that runs; only a server in process needs it. */
  killAll(): void;
}

export function createShells(): Shells {
  const groups = new Set<number>();
  return {
    run: (command, { directory, signal, output }) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(new Aborted());
        const child = spawn("bash", ["-c", command], {
          cwd: directory,
          detached: true,
          stdio: ["ignore", "pipe", "pipe"],
          env: { ...process.env, OPENCODE: "1", AGENT: "1", OPENCODE_PID: String(process.pid) },
        });
        const { pid } = child;
        if (pid !== undefined) groups.add(pid);
        let collected = "";
        const collect = (chunk: Buffer): void => {
          collected = (collected + chunk.toString("utf8")).slice(-outputBytesMax);
          output(collected);
        };
        child.stdout.on("data", collect);
        child.stderr.on("data", collect);
        const abort = (): void => void sendSignal({ groupId: pid }, "SIGKILL");
        signal.addEventListener("abort", abort, { once: true });
        child.on("error", reject);
        child.on("close", (exit) => {
          signal.removeEventListener("abort", abort);
          if (pid !== undefined) groups.delete(pid);
          if (signal.aborted) reject(new Aborted());
          else resolve({ output: collected, exit });
        });
      }),
    killAll() {
      for (const pid of groups) sendSignal({ groupId: pid }, "SIGKILL");
    },
  };
}
