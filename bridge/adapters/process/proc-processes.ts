import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { setImmediate as breath } from "node:timers/promises";
import { OctoError } from "../../octo-error";
import type { Processes } from "../../ports/processes";
import { systemErrorCode } from "../../system-error-code";
import { answerWithin, tableDeadlineMs } from "./answer-within";
import { parseProcStat } from "./proc-stat";
import type { Environments, ProcessRow, ProcessStatus, ProcessTable } from "./process-table";
import { processesOf } from "./processes-of";
import { readProcText } from "./read-proc-text";

/** Processes of a Linux machine, read from /proc. Exact: start times to 10 ms, every environment of this user. */
export function procProcesses(): Processes {
  return processesOf(procTable);
}

const procTable: ProcessTable = {
  rows: (pids) => answerWithin(tableDeadlineMs, "/proc", readRows(pids)),
  statuses: (pids) => answerWithin(tableDeadlineMs, "/proc/PID/status", readStatuses(pids)),
  environments: (rows) => answerWithin(tableDeadlineMs, "/proc/PID/environ", readEnvironments(rows)),
};

/** Between two pauses, in which the event loop serves others: half a millisecond. */
const rowsAtOnce = 25;

async function readRows(pids: "all" | readonly number[]): Promise<readonly ProcessRow[]> {
  const wanted = pids === "all" ? (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number) : pids;
  const rows: ProcessRow[] = [];
  for (const [index, pid] of wanted.entries()) {
    if (index > 0 && index % rowsAtOnce === 0) await breath();
    const stat = parseProcStat(readStatNow(pid));
    if (stat === undefined) continue;
    const { state, ...rest } = stat;
    rows.push({ pid, ...rest, alive: !["Z", "X", "x"].includes(state) });
  }
  return rows;
}

async function readStatuses(pids: readonly number[]): Promise<ReadonlyMap<number, ProcessStatus>> {
  const texts = await fewAtOnce(pids, (pid) => readProc(pid, "status"));
  return new Map(pids.flatMap((pid, index) => (texts[index] ? [[pid, statusIn(texts[index])]] : [])));
}

function statusIn(text: string): ProcessStatus {
  return {
    uid: Number(/^Uid:\s+(\d+)/m.exec(text)?.[1]),
    // Not from `stat`, which counts in pages, whose size Node does not tell; a kernel thread has none.
    rssBytes: Number(/^VmRSS:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024,
  };
}

async function readEnvironments(rows: readonly ProcessRow[]): Promise<Environments> {
  const texts = await fewAtOnce(rows, ({ pid }) => readProc(pid, "environ"));
  const byPid = new Map(rows.map(({ pid }, index) => [pid, `\0${texts[index]}\0`]));
  return { holds: (pid, name, value) => byPid.get(pid)?.includes(`\0${name}=${value}\0`) ?? false };
}

/** A look at a thousand processes must not use up the files that this one may open; Node reads with four threads anyway. */
const atOnceMax = 8;

async function fewAtOnce<Item, Result>(items: readonly Item[], read: (item: Item) => Promise<Result>): Promise<readonly Result[]> {
  const results: Result[] = [];
  const left = items.entries();
  const readOn = async (): Promise<void> => {
    for (const [index, item] of left) results[index] = await read(item);
  };
  await Promise.all(Array.from({ length: atOnceMax }, readOn));
  return results;
}

/** See `unreadable`. */
async function readProc(pid: number, file: "stat" | "status" | "environ"): Promise<string> {
  try {
    return await readProcText(`/proc/${pid}/${file}`);
  } catch (thrown) {
    return unreadable(pid, file, thrown);
  }
}

/** Without a trip through Node's threads, which costs twenty times as much. `stat` waits for no lock of the process, `environ` does. See `unreadable`. */
function readStatNow(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch (thrown) {
    return unreadable(pid, "stat", thrown);
  }
}

/** Empty when the process is gone or is not ours to read. Where we have no descriptor or memory left, nobody is proven dead. */
function unreadable(pid: number, file: string, thrown: unknown): string {
  if (!["EMFILE", "ENFILE", "ENOMEM"].includes(systemErrorCode(thrown) ?? "")) return "";
  throw new OctoError("PROCESS_TABLE_UNREADABLE", `/proc/${pid}/${file}: ${String(thrown)}`, { cause: thrown });
}
