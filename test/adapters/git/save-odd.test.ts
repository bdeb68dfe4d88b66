import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ResultsWorld, resultsWorld } from "./results-world";
import { instanceId, taskId } from "./test-repository";

// What an agent hides from `git status` is work as well.

let world: ResultsWorld;
beforeEach(async () => {
  world = await resultsWorld();
});
afterEach(() => world[Symbol.asyncDispose]());

const branch = `octo/${taskId("1")}-work`;
const prepare = async () =>
  world.workspaces.prepare({
    ...{ taskId: taskId("1"), instanceId: instanceId("a"), slot: 0, repository: world.root, prefix: "" },
    ...{ branch, base: await world.run("rev-parse", "main") },
  });

const conflict = async (directory: string): Promise<void> => {
  await world.write({ "a.txt": "theirs\n" }, directory);
  await world.git(directory, "commit", "--quiet", "--all", "-m", "theirs");
  await world.git(directory, "branch", "--quiet", "side");
  await world.git(directory, "reset", "--quiet", "--hard", "main");
  await world.write({ "a.txt": "ours\n" }, directory);
  await world.git(directory, "commit", "--quiet", "--all", "-m", "ours");
  await world.write({ "b/c.txt": "not committed\n" }, directory);
};

test.for(["rebase", "merge"] as const)("keeps what a %s with autostash had put aside when the agent was stopped in it", async (command) => {
  const workspace = await prepare();
  await conflict(workspace.directory);
  await world.git(workspace.directory, command, "--autostash", "side").catch(() => undefined);
  expect(await world.git(workspace.directory, "show", "HEAD:b/c.txt")).toBe("c");
  const result = await world.workspaces.finish({ taskId: taskId("1"), attempt: 1, workspace, subject: "Work" });
  expect(result?.branch).toBe(branch);
  const branches = (await world.run("for-each-ref", "--format=%(refname)", "refs/heads/octo")).split("\n");
  const contents = await Promise.all(branches.map((name) => world.run("show", `${name}:b/c.txt`)));
  expect(contents).toContain("not committed");
  expect(await world.git(workspace.directory, "status", "--porcelain")).toBe("");
});

test("a commit that only a ref of the worktree itself holds is held by a branch before the worktree goes", async () => {
  const workspace = await prepare();
  await world.workspaces.finish({ taskId: taskId("1"), attempt: 1, workspace, subject: "Work" });
  const { directory } = workspace;
  await world.git(directory, "commit", "--quiet", "--allow-empty", "-m", "late");
  await world.git(directory, "update-ref", "refs/worktree/late", "HEAD");
  expect(await world.workspaces.removePool(instanceId("a"))).toEqual([join(directory)]);
});
