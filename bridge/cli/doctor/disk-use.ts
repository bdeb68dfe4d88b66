import { lstat, opendir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { plural, showBytes } from "../../figures";
import { helloIfRunning } from "../hello-if-running";
import { type Check, type CheckContext, type Finding, ok, warn } from "./check";

/** For all folders together; a worktree's node_modules alone may hold 100,000 files. */
const entriesMax = 300_000;
const timeMaxMs = 10_000;
/** stat(2): `blocks` counts these, whatever the file system. */
const blockBytes = 512;

interface Budget {
  entries: number;
  readonly endAtMs: number;
}

interface Sum {
  readonly bytes: number;
  /** Not everything was looked at. */
  readonly partial: boolean;
}

/** What octo's work takes up, and what nobody owns any more. */
export const diskUseCheck: Check = {
  name: "disk use",
  async run(context): Promise<Finding> {
    const { state } = context.folders;
    const budget: Budget = { entries: entriesMax, endAtMs: performance.now() + timeMaxMs };
    const instances = await namesIn(join(state, "instances"));
    const files = [state, ...instances.map((name) => join(state, "instances", name))];
    const databases = await sumOfFiles(files, /\.db(-wal|-shm|\.ballast)?$/);
    const logs = await sumOfFiles(files, /\.log(\.old)?$/);
    const worktrees = await readWorktrees(join(state, "worktrees"));
    const size = await sumBelow(join(state, "worktrees"), budget);
    const snapshots = await sumBelow(join(dataHome(context), "opencode", "snapshot"), budget);
    const what = [
      `${plural(worktrees.pooled.length, "worktree")} ${show(size)}`,
      `databases ${show(databases)}`,
      `logs ${show(logs)}`,
      `OpenCode's snapshots ${show(snapshots)}`,
    ].join(", ");
    const orphans = await orphansOf(context, worktrees.pooled);
    const odd = [
      ...(orphans.length > 0
        ? [`${plural(orphans.length, "worktree")} of instances that are gone (${orphans.slice(0, 3).join(", ")})`]
        : []),
      ...(worktrees.saved > 0 ? [`${plural(worktrees.saved, "folder")} moved aside`] : []),
    ];
    return odd.length === 0 ? ok(what) : warn(`${what}; ${odd.join(", ")}`, "See `octo gc --dry-run`; nothing with uncommitted work goes.");
  },
};

function dataHome({ environment }: CheckContext): string {
  return environment.XDG_DATA_HOME || join(environment.HOME ?? "/", ".local", "share");
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return await readdir(folder).catch(() => []);
}

async function readWorktrees(folder: string): Promise<{ readonly pooled: readonly string[]; readonly saved: number }> {
  const pooled: string[] = [];
  let saved = 0;
  for (const repository of await namesIn(folder)) {
    for (const name of await namesIn(join(folder, repository))) {
      if (/^ins_.+-\d+$/.test(name)) pooled.push(join(folder, repository, name));
      if (name === "saved") saved += (await namesIn(join(folder, repository, name))).length;
    }
  }
  return { pooled, saved };
}

/** Those whose instance the bridge does not know; none while nobody can be asked. */
async function orphansOf({ client }: CheckContext, pooled: readonly string[]): Promise<readonly string[]> {
  if (pooled.length === 0 || !(await helloIfRunning(client))) return [];
  const { instances } = await client.call("list_opencode_servers", {});
  const known = new Set<string>(instances.map(({ id }) => id));
  return pooled.filter((path) => !known.has(path.replace(/^.*\//, "").replace(/-\d+$/, "")));
}

async function sumOfFiles(folders: readonly string[], pattern: RegExp): Promise<Sum> {
  let bytes = 0;
  for (const folder of folders) {
    for (const name of await namesIn(folder)) if (pattern.test(name)) bytes += await bytesOf(join(folder, name));
  }
  return { bytes, partial: false };
}

async function bytesOf(path: string): Promise<number> {
  return ((await lstat(path).catch(() => undefined))?.blocks ?? 0) * blockBytes;
}

/** Follows no link. */
async function sumBelow(folder: string, budget: Budget): Promise<Sum> {
  let bytes = 0;
  const waiting = [folder];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const entries = await opendir(next).catch(() => undefined);
    if (!entries) continue;
    for await (const entry of entries) {
      budget.entries -= 1;
      if (budget.entries <= 0 || performance.now() > budget.endAtMs) return { bytes, partial: true };
      const path = join(next, entry.name);
      bytes += await bytesOf(path);
      if (entry.isDirectory()) waiting.push(path);
    }
  }
  return { bytes, partial: false };
}

function show({ bytes, partial }: Sum): string {
  return partial ? `more than ${showBytes(bytes)}` : showBytes(bytes);
}
