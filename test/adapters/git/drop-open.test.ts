import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { OctoError } from "../../../bridge/octo-error";
import type { BranchResult } from "../../../shared/task";
import { type ResultsWorld, resultsWorld } from "./results-world";
import { instanceId, taskId } from "./test-repository";

let world: ResultsWorld;
beforeEach(async () => {
  world = await resultsWorld();
});
afterEach(() => world[Symbol.asyncDispose]());

const drop = (result: BranchResult, force = false) => world.results.drop({ taskId: taskId("1"), result, force });
const open = (place: BranchResult) => world.results.open({ taskId: taskId("1"), place });
const branches = () => world.run("for-each-ref", "--format=%(refname:short)", "refs/heads");

describe("drop", () => {
  test("is refused while the work is merged nowhere, and by force names the commit that brings it back", async () => {
    const work = await world.work("1", { "x.txt": "x\n" });
    expect(await world.code(drop(work))).toBe("BRANCH_NOT_MERGED");
    expect(await branches()).toBe(`main\n${work.branch}`);
    const dropped = await drop(work, true);
    expect(dropped).toMatchObject({ commit: work.commit, already: false });
    expect(await branches()).toBe("main");
    await world.run("branch", work.branch, dropped.commit);
    expect(await world.run("show", `${work.branch}:x.txt`)).toBe("x");
  });

  test.for(["ff", "merge", "squash"] as const)("needs no force once the work is merged by --%s", async (mode) => {
    const work = await world.work("1", { "x.txt": "x\n" });
    const merged = await world.merge(work, { mode });
    await drop({ ...work, merged: { into: "main", commit: merged.after } });
    expect(await branches()).toBe("main");
  });

  test("needs force again when the squash was undone, or the branch went on after it", async () => {
    const work = await world.work("1", { "x.txt": "x\n" });
    const { after } = await world.merge(work, { mode: "squash" });
    const result = { ...work, merged: { into: "main", commit: after } };
    await world.run("reset", "--quiet", "--hard", work.base);
    expect(await world.code(drop(result))).toBe("BRANCH_NOT_MERGED");
    await world.run("reset", "--quiet", "--hard", after);
    const more = await world.run("commit-tree", "-p", work.commit, "-m", "more", `${work.commit}^{tree}`);
    await world.run("update-ref", `refs/heads/${work.branch}`, more);
    expect(await world.code(drop(result))).toBe("BRANCH_NOT_MERGED");
  });

  test("says that it was dropped before the second time", async () => {
    const work = await world.work("1", {});
    await drop(work);
    expect(await drop(work)).toMatchObject({ already: true, commit: work.commit });
  });

  test("takes the worktree of open along when it is clean, and is refused while uncommitted work is in it", async () => {
    const work = await world.work("1", { "x.txt": "x\n" });
    const { path } = await open(work);
    await world.write({ "y.txt": "by hand\n" }, path);
    expect(await world.code(drop(work, true))).toBe("WORKTREE_DIRTY");
    expect(await readFile(join(path, "y.txt"), "utf8")).toBe("by hand\n");
    await rm(join(path, "y.txt"));
    await drop(work, true);
    expect(existsSync(path)).toBe(false);
    expect(await world.run("worktree", "list")).not.toContain("opened");
  });

  test("stops when a task takes the branch up while git looks", async () => {
    const work = await world.work("1", {});
    const checkFree = (): void => {
      throw new OctoError("TASK_NOT_ENDED", "goes on");
    };
    const { path } = await open(work);
    expect(await world.code(world.results.drop({ taskId: taskId("1"), result: work, force: true, checkFree }))).toBe("TASK_NOT_ENDED");
    expect([await branches(), existsSync(path)]).toEqual([`main\n${work.branch}`, true]);
  });

  test("is refused while the user has the branch checked out", async () => {
    const work = await world.work("1", { "x.txt": "x\n" });
    await world.run("checkout", "--quiet", work.branch);
    expect(await world.code(drop(work, true))).toBe("BRANCH_CHECKED_OUT");
  });
});

describe("open", () => {
  test("gives a worktree with the branch, the same one each time, also after it was removed by hand", async () => {
    const work = await world.work("1", { "x.txt": "x\n" });
    const { path, live } = await open(work);
    expect([live, await readFile(join(path, "x.txt"), "utf8")]).toEqual([false, "x\n"]);
    expect(await world.git(path, "branch", "--show-current")).toBe(work.branch);
    expect((await open(work)).path).toBe(path);
    await rm(path, { recursive: true });
    expect((await open(work)).path).toBe(path);
    expect(existsSync(join(path, "x.txt"))).toBe(true);
  });

  test("gives the user's own worktree where the branch is checked out", async () => {
    const work = await world.work("1", { "x.txt": "x\n" });
    await world.run("checkout", "--quiet", work.branch);
    expect((await open(work)).path).toBe(world.root);
  });

  test("is refused when the branch is gone", async () => {
    const work = await world.work("1", { "x.txt": "x\n" });
    await drop(work, true);
    expect(await world.code(open(work))).toBe("BRANCH_UNKNOWN");
  });

  test("leaves a clean worktree free for the task's next prompt, and keeps one with uncommitted work", async () => {
    const work = await world.work("1", { "x.txt": "x\n" });
    const { path } = await open(work);
    const next = () =>
      world.workspaces.prepare({
        ...{ taskId: taskId("2"), instanceId: instanceId("a"), slot: 0, repository: world.root },
        ...{ prefix: "", branch: work.branch, base: work.base },
      });
    await world.write({ "y.txt": "by hand\n" }, path);
    expect(await world.code(next())).toBe("BRANCH_CHECKED_OUT");
    expect(await readFile(join(path, "y.txt"), "utf8")).toBe("by hand\n");
    await rm(join(path, "y.txt"));
    const workspace = await next();
    expect(await readFile(join(workspace.directory, "x.txt"), "utf8")).toBe("x\n");
    await world.workspaces.finish({ taskId: taskId("2"), attempt: 1, workspace, subject: "more" });
    expect((await open(work)).path).toBe(path);
    expect(await world.git(path, "branch", "--show-current")).toBe(work.branch);
  });

  test("merges what is committed by hand there, and says what is not", async () => {
    const work = await world.work("1", { "x.txt": "x\n" });
    const { path } = await open(work);
    await world.write({ "y.txt": "by hand\n" }, path);
    await world.git(path, "add", "--all");
    await world.git(path, "commit", "--quiet", "-m", "by hand");
    await world.write({ "z.txt": "left\n" }, path);
    const merged = await world.merge(work);
    expect(merged.files).toEqual(["x.txt", "y.txt"]);
    expect(merged.notices).toEqual([`1 uncommitted file in ${path} not included`]);
  });
});
