import { spawn } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { inert } from "../../inert";
import { sendSignal } from "../../send-signal";

const outputBytesMax = 256 * 1024;
const killGraceMs = 2_000;
/** For what it said last, once it has ended. */
const pipesTimeoutMs = 1_000;

export interface CommandResult {
  /** The end of what it said on stdout and stderr, inert. */
  readonly output: string;
  /** How it failed: "it ended with 1"; undefined when it succeeded. */
  readonly problem: string | undefined;
}

/**
 * A command of the user's in a process group of its own, without input. At its end, and at the deadline, whatever is left of the group is
 * ended: nothing of it outlives this call.
 */
export async function runCommand(
  [program, ...args]: readonly [string, ...string[]],
  cwd: string,
  environment: Readonly<Record<string, string>>,
  timeoutMs: number,
): Promise<CommandResult> {
  const child = spawn(program, args, { cwd, env: environment, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let output: Buffer = Buffer.alloc(0);
  const keep = (chunk: Buffer): void => {
    output = Buffer.concat([output, chunk]).subarray(-outputBytesMax);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  let late = false;
  let timer = setTimeout(() => {
    late = true;
    sendSignal({ groupId: child.pid }, "SIGTERM");
    timer = setTimeout(() => sendSignal({ groupId: child.pid }, "SIGKILL"), killGraceMs);
  }, timeoutMs);
  const closed = new Promise<void>((resolve) => void child.once("close", () => resolve()));
  const problem = await new Promise<string | undefined>((resolve) => {
    child.once("error", ({ message }) => resolve(`it does not start: ${message}`));
    child.once("exit", (code, signal) => resolve(code === 0 ? undefined : `it ended with ${code ?? signal}`));
  });
  clearTimeout(timer);
  sendSignal({ groupId: child.pid }, "SIGKILL");
  // What left the group may hold the pipes open for ever.
  await Promise.race([closed, pause(pipesTimeoutMs, undefined, { ref: false })]);
  child.stdout.destroy();
  child.stderr.destroy();
  const said = inert(output.toString("utf8"));
  return { output: said, problem: late ? `it took longer than ${timeoutMs} ms` : problem };
}
