import { setTimeout as pause } from "node:timers/promises";
import type { InstanceId } from "../../shared/ids";
import { inert } from "../inert";
import type { Cli } from "./cli";
import { type ExitCode, exitCodes } from "./exit-code";
import { LogReader } from "./log-reader";

const lookEveryMs = 250;
const askEveryMs = 1_000;
/** All that a bridge answers with. */
const instanceLinesMax = 1_000;
const linesDefault = 100;

export interface LogRequest {
  readonly lines?: number | undefined;
  readonly follow?: boolean | undefined;
}

/** The bridge's own log, from its files: also when no bridge runs. */
export async function bridgeLog(cli: Cli, { lines: linesMax = linesDefault, follow = false }: LogRequest): Promise<ExitCode> {
  const reader = new LogReader(cli.folders.logFile);
  try {
    const lines = reader.last(linesMax);
    if (!follow) return await cli.print({ text: lines.join("\n") }, () => shown(lines));
    cli.terminal.out(shown(lines));
    let gaps = 0;
    return await untilInterrupted(lookEveryMs, async () => {
      cli.terminal.out(shown(reader.next()));
      if (reader.gaps > gaps) cli.terminal.note("some lines were deleted before they could be shown (`logs.filesMax`)\n");
      gaps = reader.gaps;
    });
  } finally {
    reader.close();
  }
}

/** What a server wrote to stderr. */
export async function instanceLog(cli: Cli, instanceId: InstanceId, { lines: linesMax, follow = false }: LogRequest): Promise<ExitCode> {
  if (!follow) {
    const { text } = await cli.client.call("instance_log", { instanceId, linesMax });
    return cli.print({ text }, () => shown(linesOf(text)));
  }
  let seen: readonly string[] = [];
  let isFirst = true;
  return await untilInterrupted(askEveryMs, async () => {
    const lines = linesOf((await cli.client.call("instance_log", { instanceId, linesMax: instanceLinesMax })).text);
    const fresh = isFirst ? lines.slice(-(linesMax ?? linesDefault)) : linesAfter(seen, lines);
    cli.terminal.out(shown(fresh));
    seen = lines;
    isFirst = false;
  });
}

/** Of two looks at the end of a log, what the second has more. All of it where they have nothing in common: the log was begun anew. */
export function linesAfter(seen: readonly string[], now: readonly string[]): readonly string[] {
  for (let common = Math.min(seen.length, now.length); common > 0; common -= 1) {
    const from = seen.length - common;
    if (now.slice(0, common).every((line, index) => line === seen[from + index])) return now.slice(common);
  }
  return now;
}

function linesOf(text: string): readonly string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

function shown(lines: readonly string[]): string {
  return lines.map((line) => `${inert(line)}\n`).join("");
}

/** Looks again and again, until Ctrl-C or an error. */
async function untilInterrupted(everyMs: number, look: () => Promise<void>): Promise<ExitCode> {
  const interrupted = new AbortController();
  // Once: the second Ctrl-C ends the program.
  const onInterrupt = (): void => interrupted.abort();
  process.once("SIGINT", onInterrupt);
  try {
    while (!interrupted.signal.aborted) {
      await look();
      await pause(everyMs, undefined, { signal: interrupted.signal }).catch(() => undefined);
    }
    return exitCodes.detached;
  } finally {
    process.off("SIGINT", onInterrupt);
  }
}
