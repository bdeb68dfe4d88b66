import { readdir } from "node:fs/promises";
import { OctoError } from "../../octo-error";
import type { Processes } from "../../ports/processes";
import { systemErrorCode } from "../../system-error-code";
import { answerWithin, tableDeadlineMs } from "./answer-within";
import { parseProcStat } from "./proc-stat";
import type { Environments, ProcessRow, ProcessTable } from "./process-table";
import { processesOf } from "./processes-of";
import { readProcText } from "./read-proc-text";

/** Processes of a Linux machine, read from /proc. Exact: start times to 10 ms, every environment of this user. */
export function procProcesses(): Processes {
  return processesOf(procTable);
}

const procTable: ProcessTable = {
  rows: (pids) => answerWithin(tableDeadlineMs, "/proc", readRows(pids)),
  ownRows: () => answerWithin(tableDeadlineMs, "/proc", readOwnRows()),
  rssBytes: (pid) => answerWithin(tableDeadlineMs, "/proc/PID/status", readRssBytes(pid)),
  environments: (rows) => answerWithin(tableDeadlineMs, "/proc/PID/environ", readEnvironments(rows)),
};

async function readRows(pids: "all" | readonly number[]): Promise<readonly ProcessRow[]> {
  const wanted = pids === "all" ? (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number) : pids;
  const rows = await fewAtOnce(wanted, readRow);
  return rows.filter((row) => row !== undefined);
}

async function readRow(pid: number): Promise<ProcessRow | undefined> {
  const stat = parseProcStat(await readProc(pid, "stat"));
  if (stat === undefined) return undefined;
  const { state, ...rest } = stat;
  return { pid, ...rest, alive: !["Z", "X", "x"].includes(state) };
}

async function readOwnRows(): Promise<readonly ProcessRow[]> {
  const living = (await readRows("all")).filter(({ alive }) => alive);
  const owners = await fewAtOnce(living, async ({ pid }) => Number(/^Uid:\s+(\d+)/m.exec(await readProc(pid, "status"))?.[1]));
  return living.filter((_, index) => owners[index] === process.getuid?.());
}

/** From `status`, since `stat` counts in pages, whose size Node does not tell; a kernel thread has none. */
async function readRssBytes(pid: number): Promise<number | undefined> {
  const status = await readProc(pid, "status");
  return status === "" ? undefined : Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
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

/** Empty when the process is gone or is not ours to read. Where we have no descriptor or memory left, nobody is proven dead. */
async function readProc(pid: number, file: "stat" | "status" | "environ"): Promise<string> {
  try {
    return await readProcText(`/proc/${pid}/${file}`);
  } catch (thrown) {
    if (!["EMFILE", "ENFILE", "ENOMEM"].includes(systemErrorCode(thrown) ?? "")) return "";
    throw new OctoError("PROCESS_TABLE_UNREADABLE", `/proc/${pid}/${file}: ${String(thrown)}`, { cause: thrown });
  }
}
