import { chmod, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ResultsWorld, resultsWorld } from "./results-world";
import { taskId } from "./test-repository";

// What `git status` is told not to show is not overwritten by a merge either.

let world: ResultsWorld;
beforeEach(async () => {
  world = await resultsWorld();
});
afterEach(() => world[Symbol.asyncDispose]());

test.for(["--assume-unchanged", "--skip-worktree"])("is refused over a local change hidden by %s", async (flag) => {
  const work = await world.work("1", { "a.txt": "of the task\n", "new.txt": "new\n" });
  await world.run("update-index", flag, "a.txt");
  await world.write({ "a.txt": "mine\n" });
  expect(await world.code(world.merge(work))).toBe("MERGE_TARGET_DIRTY");
  expect(await readFile(join(world.root, "a.txt"), "utf8")).toBe("mine\n");
  expect(await world.run("rev-parse", "main")).toBe(work.base);
  expect(await world.run("status", "--porcelain")).toBe("");
});

test("leaves a sparse checkout sparse, and clean", async () => {
  const work = await world.work("1", { "b/c.txt": "changed\n", "b/new.txt": "new\n", "a.txt": "changed\n" });
  await world.run("sparse-checkout", "set", "--no-cone", "/*", "!/b/");
  expect(await world.merge(work)).toMatchObject({ how: "ff" });
  expect(await world.run("status", "--porcelain")).toBe("");
  expect(await stat(join(world.root, "b")).catch(() => "absent")).toBe("absent");
  expect(await readFile(join(world.root, "a.txt"), "utf8")).toBe("changed\n");
});

test("brings a change of the mode alone", async () => {
  const work = await world.work("1", {});
  const { path } = await world.results.open({ taskId: taskId("1"), place: work });
  await chmod(join(path, "a.txt"), 0o755);
  await world.git(path, "commit", "--quiet", "--all", "-m", "mode");
  await world.merge(work);
  expect(((await stat(join(world.root, "a.txt"))).mode & 0o111) !== 0).toBe(true);
  expect(await world.run("status", "--porcelain")).toBe("");
});
