import { existsSync } from "node:fs";
import { appendFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createGitAdapter } from "../../../bridge/adapters/git/create-workspaces";
import type { FolderDigest } from "../../helpers/folder-digest";
import { type ResultsWorld, resultsWorld } from "./results-world";
import { taskId } from "./test-repository";
import { differences, wholeRepository } from "./whole-repository";

// A merge that fails in the middle: everything is as before, and it can be done again.

let world: ResultsWorld;
beforeEach(async () => {
  world = await resultsWorld();
});
afterEach(() => world[Symbol.asyncDispose]());

/** Content alone: a file that was written and taken back has a new time. */
async function contents(): Promise<FolderDigest> {
  const whole = await wholeRepository(world.root, []);
  return Object.fromEntries(Object.entries(whole).map(([path, digest]) => [path, digest.replace(/ @[\d.]+/, "")]));
}

test.for([
  ["the branch", "refs/heads/main.lock", "BRANCH_MOVED"],
  ["HEAD", "HEAD.lock", "BRANCH_MOVED"],
  ["the index", "index.lock", "MERGE_TARGET_DIRTY"],
] as const)("is refused while another git holds the lock on %s", async ([, lock, code]) => {
  const work = await world.work("1", { "x.txt": "x\n" });
  await writeFile(join(world.root, ".git", lock), "");
  const before = await contents();
  expect(await world.code(world.merge(work))).toBe(code);
  expect(differences(before, await contents())).toEqual([]);
  await rm(join(world.root, ".git", lock));
  expect(await world.merge(work)).toMatchObject({ how: "ff" });
});

test("takes back what was written when a file cannot be: a filter of the user's fails", async () => {
  await appendFile(world.environment.GIT_CONFIG_GLOBAL ?? "", '[filter "broken"]\nsmudge = false\nclean = cat\nrequired = true\n');
  await world.commit({ "late/z.txt": "old\n" });
  const work = await world.work("1", { "a.txt": "new\n", "early/new.txt": "new\n", "b/c.txt": null });
  const { path } = await world.results.open({ taskId: taskId("1"), place: work });
  await world.write({ ".gitattributes": "late/z.txt filter=broken\n", "late/z.txt": "new\n" }, path);
  await world.git(path, "add", "--all");
  await world.git(path, "commit", "--quiet", "-m", "with a filter");
  const before = await contents();
  expect(await world.code(world.merge(work))).not.toBe("done");
  // A folder that held nothing else may stay, empty: git knows no folders.
  expect(differences(before, await contents()).filter((name) => name !== "early")).toEqual([]);
  expect(await world.run("status", "--porcelain")).toBe("");
});

test("takes back what was written when the branch does not move after it: the git that holds it is ended", async () => {
  const work = await world.work("1", { "x.txt": "new\n", "b/c.txt": null });
  const attributes = join(world.root, ".git/info/attributes");
  const seen = join(world.root, ".git/seen");
  const filter = join(world.root, ".git/ender");
  const find = `ps -eo pid=,args= | awk -v root='${world.root}' 'index($0, "-C " root " update-ref") { print $1 }'`;
  // Gone, with its locks, before the file is written.
  await writeFile(
    filter,
    `kill $(${find} | tee '${seen}')\nwhile test -e '${world.root}/.git/refs/heads/main.lock'; do sleep 0.02; done\ncat\n`,
  );
  await writeFile(attributes, "x.txt filter=ender\n");
  await appendFile(world.environment.GIT_CONFIG_GLOBAL ?? "", `[filter "ender"]\nsmudge = sh '${filter}'\nclean = cat\n`);
  const before = await contents();
  expect(await world.code(world.merge(work))).toBe("BRANCH_MOVED");
  expect(await readFile(seen, "utf8")).toMatch(/^\d+\n$/);
  await rm(seen);
  // The index has seen its files at a new time.
  expect(differences(before, await contents()).filter((name) => name !== ".git/index")).toEqual([]);
  expect(await world.run("status", "--porcelain")).toBe("");
  await rm(attributes);
  expect(await world.merge(work)).toMatchObject({ how: "ff" });
});

test("a git that hangs is ended at its deadline, and leaves no lock", async () => {
  await appendFile(world.environment.GIT_CONFIG_GLOBAL ?? "", '[filter "slow"]\nsmudge = sleep 60\nclean = cat\n');
  const work = await world.work("1", { "x.txt": "x\n" });
  await writeFile(join(world.root, ".git/info/attributes"), "x.txt filter=slow\n");
  const { results } = createGitAdapter({ worktreesFolder: world.worktreesFolder, environment: world.environment, timeoutMs: 1_500 });
  const before = await contents();
  expect(await world.code(results.merge({ taskId: taskId("1"), place: work, title: "Do" }))).toBe("GIT_TIMEOUT");
  expect(differences(before, await contents())).toEqual([]);
  for (const lock of ["HEAD.lock", "index.lock", "refs/heads/main.lock"]) expect(existsSync(join(world.root, ".git", lock))).toBe(false);
});

describe("after a kill between the update of the working tree and the move of the branch", () => {
  test.for(["ff", "merge", "squash"] as const)("the same merge by --%s again moves the branch, and all is clean", async (mode) => {
    const work = await world.work("1", { "x.txt": "x\n", "b/c.txt": null });
    if (mode !== "ff") await world.commit({ "y.txt": "y\n" });
    await world.write({ "untracked.txt": "mine\n" });
    const made = mode === "ff" ? work.commit : await world.run("merge-tree", "--write-tree", "main", work.branch);
    await world.run("read-tree", "-m", "-u", "main", made);
    expect(await world.merge(work, { mode })).toMatchObject({ how: mode, checkout: world.root });
    expect(await world.run("status", "--porcelain")).toBe("?? untracked.txt");
    expect(await world.run("show", "main:x.txt")).toBe("x");
  });

  test("a change made since, staged or not, is never merged over", async () => {
    const work = await world.work("1", { "x.txt": "x\n" });
    await world.run("read-tree", "-m", "-u", "main", work.commit);
    await world.write({ "a.txt": "mine\n" });
    expect(await world.code(world.merge(work))).toBe("MERGE_TARGET_DIRTY");
    await world.run("add", "a.txt");
    expect(await world.code(world.merge(work))).toBe("MERGE_TARGET_DIRTY");
    expect(await readFile(join(world.root, "a.txt"), "utf8")).toBe("mine\n");
  });
});
