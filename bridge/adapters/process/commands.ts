import { randomUUID } from "node:crypto";
import type { Readable } from "node:stream";
import { toErrorInfo } from "../../octo-error";
import type { CommandRequest, Commands } from "../../ports/commands";
import { type ProgramEnd, runProgram } from "../../run-program";
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
  const runMarked = async (request: CommandRequest, signal: AbortSignal, output: BoundedOutput): Promise<ProgramEnd> => {
    const id = randomUUID();
    let own: Readonly<Record<string, string>>;
    try {
      own = await options.environment();
    } catch (thrown) {
      const { code, message } = toErrorInfo(thrown);
      return { outcome: "not-started", detail: `${code}: ${message}` };
    }
    const environment = { ...own, [ownerName]: options.owner, [runName]: id };
    const read = (stream: Readable): void => output.read(stream);
    const end = await runProgram({ ...request, cwd: options.cwd, environment, signal, read });
    await endMarked(runName, id);
    return end;
  };
  return {
    async run(request, signal) {
      const startedAtMs = performance.now();
      const output = new BoundedOutput({ keptBytes: outputKeptBytes, bytesMax: outputBytesMax });
      const end = await runMarked(request, signal, output);
      return { ...end, output: output.text(), durationMs: Math.round(performance.now() - startedAtMs) };
    },
    endLeft: () => endMarked(ownerName, options.owner),
  };
}
