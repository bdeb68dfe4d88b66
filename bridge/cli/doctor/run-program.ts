import { execFile } from "node:child_process";
import { withoutKeys } from "../../secret-names";

const outputBytesMax = 1024 * 1024;

/** The first line that a program prints (`ssh -V` on stderr); raises with its own words when it fails, is missing, or takes too long. */
export function firstLineOf(command: readonly [string, ...string[]], path: string | undefined, timeoutMs: number): Promise<string> {
  const [program, ...args] = command;
  // Who is asked for a version needs no keys.
  const env = { ...withoutKeys(process.env), ...(path === undefined ? {} : { PATH: path }) };
  return new Promise((resolve, reject) => {
    execFile(program, args, { env, timeout: timeoutMs, killSignal: "SIGKILL", maxBuffer: outputBytesMax }, (failure, stdout, stderr) => {
      if (!failure) return resolve((stdout.trim() || stderr.trim()).split("\n")[0] ?? "");
      const why = failure.killed ? `no answer within ${timeoutMs} ms` : (stderr.trim().split("\n")[0] ?? "");
      reject(new Error(why === "" ? failure.message : why, { cause: failure }));
    }).stdin?.end();
  });
}
