import { readdir } from "node:fs/promises";
import { OctoError } from "../../octo-error";
import type { Processes } from "../../ports/processes";
import { systemErrorCode } from "../../system-error-code";
import { answerWithin, tableDeadlineMs } from "./answer-within";
import { parseProcStat } from "./proc-stat";
import type { ProcessRow, ProcessTable } from "./process-table";
import { processesOf } from "./processes-of";
import { readProcText } from "./read-proc-text";

/** Processes of a Linux machine, read from /proc. Exact: start times to 10 ms, every environment of this user. */
export function procProcesses(): Processes {
  return processesOf(procTable);
}

const procTable: ProcessTable = {
  rows: (pids) => answerWithin(tableDeadlineMs, "/proc", readRows(pids)),
  withEnvironment: (rows, name, value) => answerWithin(tableDeadlineMs, "/proc/PID/environ", filterByEnvironment(rows, name, value)),
};

async function readRows(pids: "all" | readonly number[]): Promise<readonly ProcessRow[]> {
  const wanted = pids === "all" ? (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number) : pids;
  const rows = await fewAtOnce(wanted, readRow);
  return rows.filter((row) => row !== undefined);
}

async function readRow(pid: number): Promise<ProcessRow | undefined> {
  const [statText, statusText] = await Promise.all([readProc(pid, "stat"), readProc(pid, "status")]);
  const stat = parseProcStat(statText);
  if (stat === undefined || statusText === "") return undefined;
  const { state, ...rest } = stat;
  return {
    pid,
    ...rest,
    alive: !["Z", "X", "x"].includes(state),
    uid: Number(/^Uid:\s+(\d+)/m.exec(statusText)?.[1]),
    // From `status`, since `stat` counts in pages, whose size Node does not tell; a kernel thread has none.
    rssBytes: Number(/^VmRSS:\s+(\d+) kB/m.exec(statusText)?.[1] ?? 0) * 1024,
  };
}

async function filterByEnvironment(rows: readonly ProcessRow[], name: string, value: string): Promise<readonly ProcessRow[]> {
  const entry = `${name}=${value}`;
  const held = await fewAtOnce(rows, async ({ pid }) => (await readProc(pid, "environ")).split("\0").includes(entry));
  return rows.filter((_, index) => held[index]);
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

/** Empty when the process is gone or is not ours to read. Where we have no descriptor or memory left, nobody is proven dead. */
async function readProc(pid: number, file: "stat" | "status" | "environ"): Promise<string> {
  try {
    return await readProcText(`/proc/${pid}/${file}`);
  } catch (thrown) {
    if (!["EMFILE", "ENFILE", "ENOMEM"].includes(systemErrorCode(thrown) ?? "")) return "";
    throw new OctoError("PROCESS_TABLE_UNREADABLE", `/proc/${pid}/${file}: ${String(thrown)}`, { cause: thrown });
  }
}
