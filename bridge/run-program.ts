import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { setImmediate as nextRound, setTimeout as pause } from "node:timers/promises";
import type { CommandEnd, CommandOutcome } from "./ports/commands";
import { sendSignal } from "./send-signal";
import { systemErrorCode } from "./system-error-code";

export interface ProgramRequest {
  /** Program and arguments; never a shell string. */
  readonly command: readonly string[];
  readonly cwd: string;
  /** All of it: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  /** Given on stdin, which is closed after it; /dev/null when absent. A program that never reads it is no trouble. */
  readonly stdin?: string | undefined;
  readonly timeoutMs: number;
  /** Ends it early. */
  readonly signal?: AbortSignal | undefined;
  /** Is given stdout, then stderr. */
  readonly read: (output: Readable) => void;
}

export type ProgramEnd = Pick<CommandEnd, "outcome" | "detail">;

/** Between SIGTERM and SIGKILL. */
const graceMs = 2_000;
/** For what it said last, once it has ended. */
const pipesTimeoutMs = 200;

/**
 * A program of the user's in a session and process group of its own. At its end, at its deadline and when it is given up, whatever is left
 * of the group is ended: what it started outlives it only in a group of its own. Raises nothing.
 */
export async function runProgram(request: ProgramRequest): Promise<ProgramEnd> {
  const { signal, timeoutMs } = request;
  if (signal?.aborted) return { outcome: "given-up", detail: "the bridge is stopping" };
  let running: RunningProgram;
  try {
    running = new RunningProgram(request);
  } catch (thrown) {
    return { outcome: "not-started", detail: systemErrorCode(thrown) ?? String(thrown) };
  }
  const giveUp = (): void => running.end("given-up");
  const deadline = setTimeout(() => running.end("timed-out"), timeoutMs);
  signal?.addEventListener("abort", giveUp);
  try {
    return await running.ended();
  } finally {
    clearTimeout(deadline);
    signal?.removeEventListener("abort", giveUp);
  }
}

/** One program from its start to the end of its process group. */
class RunningProgram {
  readonly #child: ChildProcess;
  readonly #closed: Promise<void>;
  /** Why it was ended before its own end. */
  #cause: CommandOutcome | undefined;
  #forced: NodeJS.Timeout | undefined;

  constructor({ command, cwd, environment, stdin, read }: ProgramRequest) {
    const [program = "", ...args] = command;
    const stdio = [stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"] as const;
    this.#child = spawn(program, args, { cwd, env: { ...environment }, detached: true, stdio: [...stdio] });
    this.#closed = new Promise((resolve) => void this.#child.once("close", () => resolve()));
    const { stdout, stderr, stdin: input } = this.#child;
    for (const stream of [stdout, stderr]) if (stream) read(stream);
    input?.on("error", () => undefined);
    input?.end(stdin);
  }

  readonly end = (cause: CommandOutcome): void => {
    this.#cause ??= cause;
    this.#signal("SIGTERM");
    // A stopped one takes it only when it goes on.
    this.#signal("SIGCONT");
    this.#forced ??= setTimeout(() => this.#signal("SIGKILL"), graceMs);
  };

  ended(): Promise<ProgramEnd> {
    return new Promise((resolve) => {
      this.#child.once("error", (thrown) => resolve({ outcome: "not-started", detail: systemErrorCode(thrown) ?? thrown.message }));
      // "exit", not "close": what it started may hold its pipes open.
      this.#child.once("exit", (code, signal) => {
        clearTimeout(this.#forced);
        const outcome = this.#cause ?? (code === 0 ? "succeeded" : "failed");
        this.#signal("SIGKILL");
        void this.#lastWords().then(() => resolve({ outcome, detail: signal ?? `exit code ${code ?? "?"}` }));
      });
    });
  }

  /** What it wrote last is still in its pipes; what left its group may hold them open for ever. */
  async #lastWords(): Promise<void> {
    await Promise.race([this.#closed, pause(pipesTimeoutMs, undefined, { ref: false })]);
    // After a round that was late, the pipes come first.
    await nextRound();
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream?.destroy();
  }

  #signal(signal: NodeJS.Signals): void {
    sendSignal({ groupId: this.#child.pid }, signal);
  }
}
