import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createGitAdapter } from "../../../bridge/adapters/git/create-workspaces";
import type { CollectRequest } from "../../../bridge/ports/results";
import type { BranchResult } from "../../../shared/task";
import { gitGate } from "../../helpers/git-gate";
import { type ResultsWorld, resultsWorld } from "./results-world";
import { instanceId, taskId } from "./test-repository";

// What a person made theirs is never collected, however much it looks like a leftover.

let world: ResultsWorld;
beforeEach(async () => {
  world = await resultsWorld();
});
afterEach(() => world[Symbol.asyncDispose]());

/** `seen` is called while the branches are looked through, before anything is removed. */
function collect(works: readonly BranchResult[], change: Partial<CollectRequest> = {}, seen?: (branch: string) => void) {
  return world.results.collect({
    repositories: [world.root],
    endedWork: (branch) => {
      seen?.(branch);
      const result = works.find((work) => work.branch === branch);
      return result && { taskId: taskId("1"), endedAtEpochMs: 1_000, result };
    },
    liveTasks: new Set(),
    liveBranches: new Set(),
    liveInstances: new Set([instanceId("a")]),
    endedBeforeEpochMs: Date.now() + 60_000,
    dryRun: false,
    ...change,
  });
}

const branches = () => world.run("for-each-ref", "--format=%(refname:short)", "refs/heads");

test("leaves a branch alone that the user named octo/… themselves", async () => {
  await world.run("branch", "octo/mine");
  expect(await collect([])).toEqual({ removed: [], kept: [] });
  expect(await branches()).toBe("main\nocto/mine");
});

test("keeps a merged branch that the user moved on since its task ended", async () => {
  const work = await world.work("1", { "x.txt": "x\n" });
  await world.merge(work);
  await world.commit({ "y.txt": "y\n" });
  await world.run("branch", "--force", work.branch, "main");
  expect((await collect([work])).kept).toMatchObject([{ name: work.branch, reason: expect.stringContaining("moved") }]);
});

test("does not take a copy on a remote, pushed for a review, for a merge", async () => {
  const work = await world.work("1", { "x.txt": "x\n" });
  await world.run("update-ref", `refs/remotes/origin/${work.branch}`, work.commit);
  expect((await collect([work])).kept).toMatchObject([{ name: work.branch, reason: "not merged" }]);
  expect(await world.code(world.results.drop({ taskId: taskId("1"), result: work, force: false }))).toBe("BRANCH_NOT_MERGED");
});

test("keeps a branch that the user checks out, or a task takes up again, while the others are looked through", async () => {
  const [one, two, three] = [await world.work("1", {}), await world.work("2", {}), await world.work("3", {})];
  const live = new Set<string>();
  const report = await collect([one, two, three], { liveBranches: live }, (branch) => {
    if (branch !== three.branch) return;
    execFileSync("git", ["-c", "core.hooksPath=/dev/null", "-C", world.root, "switch", "--quiet", one.branch]);
    live.add(two.branch);
  });
  expect(report.removed).toMatchObject([{ name: three.branch }]);
  expect(await branches()).toBe(`main\n${one.branch}\n${two.branch}`);
});

test("keeps a branch and its folder in the middle of the user's rebase", async () => {
  const work = await world.work("1", { "x.txt": "x\n" });
  await world.merge(work);
  const { path } = await world.results.open({ taskId: taskId("1"), place: work });
  await world.git(path, "rebase", "--quiet", "--force-rebase", "--exec", "false", "HEAD~1").catch(() => undefined);
  expect(await world.git(path, "branch", "--show-current")).toBe("");
  expect((await collect([work])).removed).toEqual([]);
  expect(await world.code(world.results.drop({ taskId: taskId("1"), result: work, force: true }))).toBe("BRANCH_CHECKED_OUT");
  await world.git(path, "rebase", "--abort");
  expect(await world.git(path, "rev-parse", work.branch)).toBe(work.commit);
});

test("keeps a folder that the user locked, also from a forced drop", async () => {
  const work = await world.work("1", { "x.txt": "x\n" });
  await world.merge(work);
  const { path } = await world.results.open({ taskId: taskId("1"), place: work });
  await world.run("worktree", "lock", "--reason", "mine", path);
  expect(await collect([work])).toMatchObject({ removed: [], kept: [{ reason: expect.stringContaining("locked") }] });
  expect(await world.code(world.results.drop({ taskId: taskId("1"), result: work, force: true }))).toBe("BRANCH_CHECKED_OUT");
  await world.git(path, "switch", "--quiet", "--detach");
  await collect([work]);
  expect(existsSync(join(path, "x.txt"))).toBe(true);
});

test("keeps a folder that somebody came back to while the others were looked through", async () => {
  const work = await world.work("1", { "x.txt": "x\n" });
  const { path } = await world.results.open({ taskId: taskId("1"), place: work });
  await world.git(path, "switch", "--quiet", "--detach", "main");
  await mkdir(join(world.worktreesFolder, "zz", "ins_z-0"), { recursive: true });
  const has = (id: string): boolean => {
    if (id === instanceId("a")) return true;
    execFileSync("git", ["-c", "core.hooksPath=/dev/null", "-C", path, "switch", "--quiet", work.branch]);
    return false;
  };
  await collect([work], { liveInstances: { has } });
  expect(existsSync(join(path, "x.txt"))).toBe(true);
});

test("open takes nobody away from commits that no branch has", async () => {
  const work = await world.work("1", { "x.txt": "x\n" });
  const { path } = await world.results.open({ taskId: taskId("1"), place: work });
  await world.git(path, "switch", "--quiet", "--detach");
  await world.git(path, "commit", "--quiet", "--allow-empty", "-m", "by hand");
  const head = await world.git(path, "rev-parse", "HEAD");
  expect(await world.code(world.results.open({ taskId: taskId("1"), place: work }))).toBe("WORKTREE_DIRTY");
  expect(await world.git(path, "rev-parse", "HEAD")).toBe(head);
});

test("open overwrites no ignored file of the user's", async () => {
  const work = await world.work("1", { "x.txt": "x\n" });
  const { path } = await world.results.open({ taskId: taskId("1"), place: work });
  await world.git(path, "switch", "--quiet", "--detach", "main");
  await world.run("worktree", "add", "--quiet", join(world.folder, "other"), work.branch);
  await world.write({ "local.env": "of the branch\n" }, join(world.folder, "other"));
  await world.git(join(world.folder, "other"), "add", "--force", "local.env");
  await world.git(join(world.folder, "other"), "commit", "--quiet", "-m", "env");
  await world.run("worktree", "remove", join(world.folder, "other"));
  await world.write({ "local.env": "mine\n" }, path);
  expect(await world.code(world.results.open({ taskId: taskId("1"), place: work }))).toBe("WORKTREE_FAILED");
});

test("a task that begins on a branch while git deletes it gets the branch anew, from its base", async () => {
  const work = await world.work("1", { "x.txt": "x\n" });
  await world.merge(work);
  const binaries = join(world.folder, "bin");
  await mkdir(binaries);
  const gate = await gitGate(binaries);
  const environment = { ...world.environment, PATH: `${binaries}:${world.environment.PATH ?? ""}` };
  const { workspaces, results } = createGitAdapter({ worktreesFolder: world.worktreesFolder, environment });
  await gate.closeFor("-d");
  const dropping = results.drop({ taskId: taskId("1"), result: work, force: true });
  await gate.reached();
  const place = { instanceId: instanceId("a"), slot: 1, repository: world.root, prefix: "" };
  const preparing = workspaces.prepare({ ...place, taskId: taskId("1"), branch: work.branch, base: work.base });
  // Time to do it wrong: it would check out the branch that is about to go.
  await Promise.race([preparing, pause(500)]);
  await gate.open();
  await dropping;
  const { branch } = await preparing;
  expect(await world.git(branch?.worktree ?? "", "rev-parse", "HEAD", work.branch)).toBe(`${work.base}\n${work.base}`);
});
