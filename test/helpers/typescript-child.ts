import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";

/** A TypeScript program in a process of its own. */
export interface TypescriptChild extends AsyncDisposable {
  /** Whole lines of its output so far. */
  readonly lines: readonly string[];
  /** Settles with the first line for which `accept` is true; raises when the process ends before or after 20 s. */
  line(accept: (line: string) => boolean): Promise<string>;
  say(line: string): void;
  /** SIGKILL; settles when it is gone and all its output is read. */
  kill(): Promise<void>;
}

const lineTimeoutMs = 20_000;

/** Runs `program` (a path from the root of the repository) by tsx; `command` may wrap it (`["sh", "-c", "ulimit …; exec \"$@\"", "sh"]`). */
export function typescriptChild(program: string, argv: readonly string[], wrapper: readonly string[] = []): TypescriptChild {
  const [command = process.execPath, ...rest] = [...wrapper, process.execPath, "--import", "tsx", program, ...argv];
  const child = spawn(command, rest, { stdio: ["pipe", "pipe", "inherit"] });
  return watch(child, program);
}

function watch(child: ChildProcessByStdio<Writable, Readable, null>, program: string): TypescriptChild {
  const lines: string[] = [];
  let waiting: (() => void)[] = [];
  const changed = (): void => {
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };
  const closed = once(child, "close");
  let rest = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const parts = (rest + text).split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts);
    changed();
  });
  // A killed child no longer reads; that is no fault of the test.
  child.stdin.on("error", () => {});
  child.on("close", changed);
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await closed;
  };
  return {
    lines,
    say: (line) => void child.stdin.write(`${line}\n`),
    kill,
    [Symbol.asyncDispose]: kill,
    line: async (accept) => {
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        changed();
      }, lineTimeoutMs);
      try {
        for (;;) {
          const found = lines.find(accept);
          if (found !== undefined) return found;
          const hasEnded = child.exitCode !== null || child.signalCode !== null;
          if (hasEnded || isLate)
            throw new Error(`${program} ${hasEnded ? "ended" : "was late"}; its last lines: ${lines.slice(-5).join(" / ")}`);
          await new Promise<void>((resolve) => waiting.push(resolve));
        }
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
