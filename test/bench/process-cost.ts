import { readdir, readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";

// What the processes of one way of working cost, from /proc (Linux). They are known by a mark in their environment, which children inherit.

export const markName = "OCTO_BENCH";

/** A mark that no other benchmark on this machine has. */
export function markOf(name: string): string {
  return `${process.pid}.${name}`;
}
/** USER_HZ is 100 on every architecture that Node runs on; source: time(7). */
const msPerTick = 10;
const lookEveryMs = 200;

/** CPU time so far: of the living processes with this mark and the children they waited for, and of children that this process waited for. */
export async function cpuMs(mark: string): Promise<number> {
  const own = await ticksOf(process.pid);
  const marked = await Promise.all((await markedPids(mark)).map(ticksOf));
  const living = marked.reduce((sum, { self, waited }) => sum + self + waited, 0);
  return (living + own.waited) * msPerTick;
}

/** Highest sum of the proportional set sizes of the processes with this mark while `work` ran; what they share is counted once. */
export async function peakPssBytes(mark: string, work: () => Promise<unknown>): Promise<number> {
  let peak = 0;
  const done = new AbortController();
  const watching = (async () => {
    while (!done.signal.aborted) {
      const sizes = await Promise.all((await markedPids(mark)).map(pssBytes));
      peak = Math.max(
        peak,
        sizes.reduce((sum, size) => sum + size, 0),
      );
      await pause(lookEveryMs, undefined, { signal: done.signal }).catch(() => undefined);
    }
  })();
  try {
    await work();
  } finally {
    done.abort();
    await watching;
  }
  return peak;
}

async function markedPids(mark: string): Promise<readonly number[]> {
  const entry = `${markName}=${mark}`;
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const held = await Promise.all(pids.map(async (pid) => (await readProc(pid, "environ")).split("\0").includes(entry)));
  return pids.filter((_, index) => held[index]);
}

async function ticksOf(pid: number): Promise<{ readonly self: number; readonly waited: number }> {
  const text = await readProc(pid, "stat");
  // From field 3 of the manual on; the name before it may hold anything.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const at = (field: number) => Number(fields[field - 3] ?? 0);
  return { self: at(14) + at(15), waited: at(16) + at(17) };
}

export async function pssBytes(pid: number): Promise<number> {
  return Number(/^Pss:\s+(\d+) kB/m.exec(await readProc(pid, "smaps_rollup"))?.[1] ?? 0) * 1024;
}

/** Empty when the process is gone or is not ours to read. */
async function readProc(pid: number, file: string): Promise<string> {
  return readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");
}
