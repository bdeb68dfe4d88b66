import type { Readable } from "node:stream";
import { inert } from "../../inert";
import { runProgram } from "../../run-program";

const outputBytesMax = 256 * 1024;

export interface CommandResult {
  /** The end of what it said on stdout and stderr, inert. */
  readonly output: string;
  /** How it failed: "it ended with exit code 1"; undefined when it succeeded. */
  readonly problem: string | undefined;
}

/** A setup or teardown of the user's, without input. Nothing of its process group outlives this call. */
export async function runCommand(
  command: readonly [string, ...string[]],
  cwd: string,
  environment: Readonly<Record<string, string>>,
  timeoutMs: number,
): Promise<CommandResult> {
  let output: Buffer = Buffer.alloc(0);
  const read = (stream: Readable): void => {
    stream.on("error", () => undefined);
    stream.on("data", (chunk: Buffer) => {
      output = Buffer.concat([output, chunk]).subarray(-outputBytesMax);
    });
  };
  const { outcome, detail } = await runProgram({ command, cwd, environment, timeoutMs, read });
  const said = inert(output.toString("utf8"));
  if (outcome === "succeeded") return { output: said, problem: undefined };
  if (outcome === "timed-out") return { output: said, problem: `it took longer than ${timeoutMs} ms` };
  return { output: said, problem: outcome === "not-started" ? `it does not start: ${detail}` : `it ended with ${detail}` };
}
