import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import type { CommandEnd, CommandOutcome, CommandRequest, Commands } from "../../ports/commands";
import { sendSignal } from "../../send-signal";
import { systemErrorCode } from "../../system-error-code";
import { BoundedOutput } from "./bounded-output";

export interface CommandsOptions {
  /** Where they run: exists always. */
  readonly cwd: string;
  /** The whole environment of every command; nothing is inherited. */
  readonly environment: () => Promise<Readonly<Record<string, string>>>;
  /** Of this bridge and those before it: in the environment of every command. */
  readonly owner: string;
  /** Ends every process with this in its environment. */
  readonly endMarked: (name: string, value: string) => Promise<void>;
  readonly log: (message: string, details: Record<string, unknown>) => void;
}

const ownerName = "OCTO_COMMANDS";
const runName = "OCTO_COMMAND";
/** Between SIGTERM and SIGKILL. */
const graceMs = 2_000;
const outputKeptBytes = 16 * 1024;
/** Who writes more than this writes into a closed pipe, which ends most programs. */
const outputBytesMax = 1024 * 1024;

/** Programs of the user's, each in a session and process group of its own. */
export function createCommands(options: CommandsOptions): Commands {
  const endMarked = async (name: string, value: string): Promise<void> => {
    await options
      .endMarked(name, value)
      .catch((thrown: unknown) => options.log("what a command started lives on", { reason: String(thrown) }));
  };
  return {
    async run(request, signal) {
      const startedAtMs = performance.now();
      const id = randomUUID();
      const environment = { ...(await options.environment()), [ownerName]: options.owner, [runName]: id };
      const end = await runOne({ ...request, cwd: options.cwd, environment }, signal);
      await endMarked(runName, id);
      return { ...end, durationMs: Math.round(performance.now() - startedAtMs) };
    },
    endLeft: () => endMarked(ownerName, options.owner),
  };
}

interface Placed extends CommandRequest {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
}

type Ended = Omit<CommandEnd, "durationMs">;

/** One command from its start to the end of its process group. */
class RunningCommand {
  readonly #child: ChildProcess;
  readonly #group: { readonly groupId: number };
  readonly #output = new BoundedOutput({ keptBytes: outputKeptBytes, bytesMax: outputBytesMax });
  /** Why it was ended before its own end. */
  #cause: CommandOutcome | undefined;
  #forced: NodeJS.Timeout | undefined;

  constructor({ command, cwd, environment, stdin }: Placed) {
    const [program = "", ...args] = command;
    this.#child = spawn(program, args, { cwd, env: { ...environment }, detached: true, stdio: ["pipe", "pipe", "pipe"] });
    this.#group = { groupId: this.#child.pid ?? 0 };
    const { stdout, stderr, stdin: input } = this.#child;
    for (const stream of [stdout, stderr]) if (stream) this.#output.read(stream);
    input?.on("error", () => undefined);
    input?.end(stdin);
  }

  readonly end = (cause: CommandOutcome): void => {
    this.#cause ??= cause;
    sendSignal(this.#group, "SIGTERM");
    // A stopped one takes it only when it goes on.
    sendSignal(this.#group, "SIGCONT");
    this.#forced ??= setTimeout(() => sendSignal(this.#group, "SIGKILL"), graceMs);
  };

  ended(): Promise<Ended> {
    return new Promise((resolve) => {
      const settle = (outcome: CommandOutcome, detail: string): void => {
        clearTimeout(this.#forced);
        resolve({ outcome, detail, output: this.#output.text() });
      };
      this.#child.once("error", (thrown) => settle("not-started", systemErrorCode(thrown) ?? thrown.message));
      // "exit", not "close": what it started may hold its pipes open.
      this.#child.once("exit", (code, signal) => {
        sendSignal(this.#group, "SIGKILL");
        const { stdout, stderr, stdin } = this.#child;
        // What it wrote last is still in its pipes.
        setImmediate(() => {
          for (const stream of [stdout, stderr, stdin]) stream?.destroy();
          settle(this.#cause ?? (code === 0 ? "succeeded" : "failed"), signal ?? `exit code ${code ?? "?"}`);
        });
      });
    });
  }
}

async function runOne(request: Placed, signal: AbortSignal): Promise<Ended> {
  if (signal.aborted) return { outcome: "given-up", detail: "the bridge is stopping", output: "" };
  let running: RunningCommand;
  try {
    running = new RunningCommand(request);
  } catch (thrown) {
    return { outcome: "not-started", detail: systemErrorCode(thrown) ?? String(thrown), output: "" };
  }
  const onAbort = (): void => running.end("given-up");
  const deadline = setTimeout(() => running.end("timed-out"), request.timeoutMs);
  signal.addEventListener("abort", onAbort);
  try {
    return await running.ended();
  } finally {
    clearTimeout(deadline);
    signal.removeEventListener("abort", onAbort);
  }
}
