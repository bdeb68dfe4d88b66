import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CollectRequest } from "../../../bridge/ports/results";
import type { Leftover } from "../../../shared/result";
import type { BranchResult } from "../../../shared/task";
import { type ResultsWorld, resultsWorld } from "./results-world";
import { instanceId, taskId } from "./test-repository";

let world: ResultsWorld;
beforeEach(async () => {
  world = await resultsWorld();
});
afterEach(() => world[Symbol.asyncDispose]());

const names = (list: readonly Leftover[]) => list.map(({ kind, name }) => `${kind} ${name}`).sort();

function collect(works: readonly BranchResult[], change: Partial<CollectRequest> = {}) {
  const endedWork: CollectRequest["endedWork"] = (branch) => {
    const result = works.find((work) => work.branch === branch);
    return result && { taskId: taskId("1"), endedAtEpochMs: 1_000, result };
  };
  return world.results.collect({
    repositories: [world.root],
    endedWork,
    liveTasks: new Set(),
    liveBranches: new Set(),
    liveInstances: new Set([instanceId("a")]),
    endedBeforeEpochMs: 2_000,
    dryRun: false,
    ...change,
  });
}

test("removes what is merged or empty, keeps what is not, and says why", async () => {
  const [merged, empty, open] = [await world.work("1", { "x.txt": "x\n" }), await world.work("2", {}), await world.work("3", { y: "y\n" })];
  await world.merge(merged);
  const report = await collect([merged, empty, open]);
  expect(names(report.removed)).toEqual([`branch ${merged.branch}`, `branch ${empty.branch}`]);
  expect(report.kept).toMatchObject([{ name: open.branch, reason: "not merged", commit: open.commit }]);
  expect(await world.run("for-each-ref", "--format=%(refname:short)", "refs/heads")).toBe(`main\n${open.branch}`);
});

test("says what would go by a dry run, and removes nothing", async () => {
  const work = await world.work("1", { "x.txt": "x\n" });
  await world.merge(work);
  const before = await world.run("for-each-ref");
  expect(names((await collect([work], { dryRun: true, liveInstances: new Set() })).removed)).toEqual([
    `branch ${work.branch}`,
    expect.stringMatching(/^worktree .*ins_a-0$/),
  ]);
  expect(await world.run("for-each-ref")).toBe(before);
});

test("leaves alone what is young, and what a task works on", async () => {
  const [one, two, three] = [await world.work("1", {}), await world.work("2", {}), await world.work("3", {})];
  const report = await collect([one, two], { liveBranches: new Set([one.branch]), liveTasks: new Set([taskId("2")]) });
  expect(report).toEqual({ removed: [], kept: [] });
  // Forgotten by octo: then its own age counts.
  expect(await world.run("rev-parse", three.branch)).toBe(three.commit);
});

test("removes worktrees of instances that are gone, but never uncommitted work", async () => {
  const work = await world.work("1", { "x.txt": "x\n" });
  const [hash = ""] = await readdir(world.worktreesFolder);
  const worktree = join(world.worktreesFolder, hash, `${instanceId("a")}-0`);
  await writeFile(join(worktree, "new.txt"), "of nobody\n");
  const gone = { liveInstances: new Set<string>() };
  expect(await collect([work], gone)).toMatchObject({
    removed: [],
    kept: [{ kind: "branch" }, { kind: "worktree", name: worktree, reason: "holds 1 uncommitted files" }],
  });
  await world.run("-C", worktree, "clean", "--quiet", "--force");
  expect(names((await collect([work], gone)).removed)).toEqual([`worktree ${worktree}`]);
  expect(existsSync(worktree)).toBe(false);
  expect(await world.run("worktree", "list")).not.toContain("ins_a");
});

test("lists what was moved aside, and removes only an empty folder of it", async () => {
  await world.work("1", {});
  const [hash = ""] = await readdir(world.worktreesFolder);
  const saved = join(world.worktreesFolder, hash, "saved");
  await mkdir(join(saved, "empty-1"), { recursive: true });
  await mkdir(join(saved, "full-1"));
  await writeFile(join(saved, "full-1", "work.txt"), "work\n");
  const report = await collect([], { repositories: [] });
  expect(names(report.removed)).toEqual([`saved ${join(saved, "empty-1")}`]);
  expect(names(report.kept)).toEqual([`saved ${join(saved, "full-1")}`]);
});

test("takes the clean worktree of open along with a merged branch, and keeps both where uncommitted work is in it", async () => {
  const work = await world.work("1", { "x.txt": "x\n" });
  await world.merge(work);
  const { path } = await world.results.open({ taskId: taskId("1"), place: work });
  await world.write({ "y.txt": "by hand\n" }, path);
  expect(await collect([work])).toMatchObject({
    removed: [],
    kept: [{ name: work.branch, reason: expect.stringContaining("1 uncommitted") }],
  });
  await world.git(path, "clean", "--quiet", "--force");
  expect(names((await collect([work])).removed)).toEqual([`branch ${work.branch}`]);
  expect(existsSync(path)).toBe(false);
});

test("a ref holds what a task takes along until its branch does, and goes with a task that never ran", async () => {
  await world.write({ "a.txt": "uncommitted\n" });
  const refs = () => world.run("for-each-ref", "--format=%(refname)", "refs/octo");
  const base = await world.workspaces.captureChanges(world.root, taskId("1"));
  expect(await world.run("rev-parse", `refs/octo/base/${taskId("1")}`)).toBe(base);
  await world.run("-c", "gc.pruneExpire=now", "gc", "--quiet", "--prune=now");
  expect(await world.run("cat-file", "-t", base)).toBe("commit");
  const branch = `octo/${taskId("1")}-work`;
  const request = { taskId: taskId("1"), instanceId: instanceId("a"), slot: 0, repository: world.root, prefix: "", branch, base };
  const workspace = await world.workspaces.prepare(request);
  await world.workspaces.finish({ taskId: taskId("1"), attempt: 1, workspace, subject: "work" });
  expect(await refs()).toBe("");
  await world.workspaces.captureChanges(world.root, taskId("2"));
  const later = { endedBeforeEpochMs: Date.now() + 60_000 };
  expect(names((await collect([], { ...later, liveTasks: new Set([taskId("2")]) })).removed)).not.toContain(
    `ref refs/octo/base/${taskId("2")}`,
  );
  expect(names((await collect([], later)).removed)).toContain(`ref refs/octo/base/${taskId("2")}`);
  expect(await refs()).toBe("");
});

test("one repository that is gone holds up no other", async () => {
  const work = await world.work("1", {});
  const report = await collect([work], { repositories: [join(dirname(world.root), "gone"), world.root] });
  expect(names(report.removed)).toEqual([`branch ${work.branch}`]);
});
