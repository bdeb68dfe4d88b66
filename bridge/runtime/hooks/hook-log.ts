import { appendFile, readFile, rename, stat } from "node:fs/promises";
import { z } from "zod";
import type { HookRun } from "../../../shared/happening";
import { parseJson } from "../../parse-json";

/** What hooks did, the newest last. Worth little: what cannot be written is only logged. */
export interface HookLog {
  add(run: HookRun): void;
  /** The newest, oldest of them first. */
  last(count: number): Promise<readonly HookRun[]>;
  /** Settles when everything added is written or given up on. */
  idle(): Promise<void>;
}

const fileBytesMax = 1024 * 1024;

const hookRun = z.object({
  at: z.string(),
  id: z.string(),
  on: z.string(),
  command: z.array(z.string()),
  outcome: z.string(),
  detail: z.string(),
  durationMs: z.number(),
  output: z.string(),
});

/** A line of JSON a run, in a file that is moved away to `PATH.1` once it has a megabyte: two files at most. */
export function hookLogFile(path: string, log: (message: string, details: Record<string, unknown>) => void): HookLog {
  let writing: Promise<void> = Promise.resolve();

  async function write(run: HookRun): Promise<void> {
    try {
      const size = (await stat(path).catch(() => undefined))?.size ?? 0;
      if (size > fileBytesMax) await rename(path, `${path}.1`);
      await appendFile(path, `${JSON.stringify(run)}\n`, { mode: 0o600 });
    } catch (thrown) {
      log("what a hook did was not written down", { reason: String(thrown) });
    }
  }

  return {
    add(run) {
      writing = writing.then(() => write(run));
    },
    async last(count) {
      await writing;
      const [older, newer] = await Promise.all([readText(`${path}.1`), readText(path)]);
      return `${older}${newer}`
        .split("\n")
        .flatMap((line) => runOf(line) ?? [])
        .slice(-count);
    },
    idle: () => writing,
  };
}

function readText(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}

/** A line that a full disk cut off is no run. */
function runOf(line: string): HookRun | undefined {
  return hookRun.safeParse(parseJson(line)).data;
}
