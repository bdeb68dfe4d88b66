import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Workspace } from "../../../bridge/ports/workspaces";
import { createTestRepository, instanceId, type TestRepository, taskId, userState } from "./test-repository";

let repository: TestRepository;
let before: Record<string, string>;

beforeEach(async () => {
  repository = await createTestRepository();
  before = await userState(repository);
});

afterEach(async () => {
  const after = await userState(repository);
  await repository.remove();
  expect(after).toEqual(before);
});

const finish = (workspace: Workspace) =>
  repository.workspaces.finish({ taskId: taskId("1"), attempt: 1, workspace, subject: "Do the work" });

const second = () => repository.request({ taskId: taskId("2"), branch: "octo/tsk_2-more" });
const elsewhere = () => repository.request({ instanceId: instanceId("b"), slot: 3 });
const show = (what: string) => repository.git(repository.root, "show", what);
const branches = async () =>
  (await repository.git(repository.root, "for-each-ref", "--format=%(refname:short)", "refs/heads/octo")).split("\n");

async function dirtyWorkspace(): Promise<Workspace> {
  const workspace = await repository.workspaces.prepare(repository.request());
  await repository.write(workspace.directory, { "a.txt": "half\n", "new.txt": "half\n" });
  return workspace;
}

test("saves what a crashed task left on that task's branch before the next task gets the worktree", async () => {
  await dirtyWorkspace();
  const next = await repository.workspaces.prepare(second());
  expect(await show("octo/tsk_1-work:new.txt")).toBe("half");
  expect(await readFile(join(next.directory, "a.txt"), "utf8")).toBe("one\ntwo\n");
  expect((await finish(next))?.files).toEqual([]);
});

test("goes on in another instance's worktree from what the dead instance left uncommitted", async () => {
  const dead = await dirtyWorkspace();
  const moved = await repository.workspaces.prepare(elsewhere());
  expect(moved.directory).not.toBe(dead.directory);
  expect(await repository.git(dead.directory, "status", "--porcelain", "--branch", "--untracked-files=all")).toBe("## HEAD (no branch)");
  expect(await readFile(join(moved.directory, "new.txt"), "utf8")).toBe("half\n");
  const result = await finish(moved);
  expect(result?.files).toEqual(["a.txt", "new.txt"]);
  // The dead attempt's finish comes late: it changes nothing any more.
  expect(await finish(dead)).toEqual(result);
});

test("moves two tasks into each other's worktrees at once", async () => {
  await dirtyWorkspace();
  const other = { ...second(), slot: 1 };
  await repository.write((await repository.workspaces.prepare(other)).directory, { "other.txt": "other\n" });
  const [first, next] = await Promise.all([
    repository.workspaces.prepare({ ...repository.request(), slot: 1 }),
    repository.workspaces.prepare({ ...other, slot: 0 }),
  ]);
  expect((await finish(first))?.files).toEqual(["a.txt", "new.txt"]);
  expect((await finish(next))?.files).toEqual(["other.txt"]);
});

test("keeps what was written after the end of a task on a branch of its own, and does not move the result", async () => {
  const workspace = await dirtyWorkspace();
  const result = await finish(workspace);
  await repository.write(workspace.directory, { "late.txt": "late\n" });
  await repository.workspaces.prepare(second());
  expect(await repository.git(repository.root, "rev-parse", "octo/tsk_1-work")).toBe(result?.commit);
  const saved = (await branches()).find((name) => name.startsWith("octo/tsk_1-work-saved-"));
  expect(await show(`${saved}:late.txt`)).toBe("late");
});

test("keeps commits that no branch holds on a branch of its own", async () => {
  const workspace = await repository.workspaces.prepare(repository.request());
  const inside = (...args: string[]) =>
    repository.git(
      workspace.directory,
      "-c",
      "core.hooksPath=/dev/null",
      "-c",
      "user.name=x",
      "-c",
      "user.email=x@y",
      "-c",
      "commit.gpgSign=false",
      ...args,
    );
  await inside("commit", "--quiet", "--allow-empty", "-m", "on the branch");
  await inside("switch", "--quiet", "--detach", repository.base);
  await repository.write(workspace.directory, { "aside.txt": "aside\n" });
  await inside("add", "aside.txt");
  await inside("commit", "--quiet", "-m", "aside");
  await finish(workspace);
  const saved = (await branches()).find((name) => name.startsWith("octo/tsk_1-work-saved-"));
  expect(await show(`${saved}:aside.txt`)).toBe("aside");
});

test("saves nothing twice: commits that a branch of the task's own holds stay there", async () => {
  const workspace = await repository.workspaces.prepare(repository.request());
  const settings = ["core.hooksPath=/dev/null", "user.name=x", "user.email=x@y", "commit.gpgSign=false"].flatMap((setting) => [
    "-c",
    setting,
  ]);
  const inside = (...args: string[]) => repository.git(workspace.directory, ...settings, ...args);
  await inside("commit", "--quiet", "--allow-empty", "-m", "on the branch");
  await inside("switch", "--quiet", "-c", "octo/its-own", repository.base);
  await inside("commit", "--quiet", "--allow-empty", "-m", "aside");
  await finish(workspace);
  expect(await branches()).toEqual(["octo/its-own", "octo/tsk_1-work"]);
});

test("removes the locks of a git that died in a pooled worktree", async () => {
  const workspace = await dirtyWorkspace();
  const gitFolder = await repository.git(workspace.directory, "rev-parse", "--absolute-git-dir");
  const branchLock = join(repository.root, ".git", "refs", "heads", "octo", "tsk_1-work.lock");
  for (const lock of [join(gitFolder, "index.lock"), join(gitFolder, "HEAD.lock"), branchLock]) await writeFile(lock, "");
  expect((await finish(workspace))?.files).toEqual(["a.txt", "new.txt"]);
});

test("makes the worktree again when the user deleted its folder", async () => {
  const workspace = await repository.workspaces.prepare(repository.request());
  await rm(workspace.directory, { recursive: true });
  const again = await repository.workspaces.prepare(repository.request());
  expect(again).toEqual(workspace);
  expect(await readFile(join(again.directory, "a.txt"), "utf8")).toBe("one\ntwo\n");
});

test("finishes a task whose folder the user deleted, gives the branch free and leaves other entries alone", async () => {
  const other = await repository.workspaces.prepare({ ...second(), slot: 1 });
  const workspace = await repository.workspaces.prepare(repository.request());
  await rm(workspace.directory, { recursive: true });
  await rename(other.directory, `${other.directory}-away`);
  expect((await finish(workspace))?.commit).toBe(repository.base);
  const list = await repository.git(repository.root, "worktree", "list", "--porcelain");
  expect(list).not.toContain(workspace.directory);
  expect(list).toContain(other.directory);
});

test("takes a branch over from a pooled worktree whose folder the user deleted", async () => {
  const workspace = await repository.workspaces.prepare(repository.request());
  await rm(workspace.directory, { recursive: true });
  const moved = await repository.workspaces.prepare(elsewhere());
  expect(await repository.git(moved.directory, "branch", "--show-current")).toBe("octo/tsk_1-work");
});

test("starts anew where a bridge died in the middle of making a worktree", async () => {
  const workspace = await repository.workspaces.prepare(repository.request());
  const gitFolder = await repository.git(workspace.directory, "rev-parse", "--absolute-git-dir");
  await rm(join(gitFolder, "octo.json"));
  await writeFile(join(gitFolder, "locked"), "initializing");
  await rm(join(gitFolder, "index"));
  await rm(join(workspace.directory, "a.txt"));
  const again = await repository.workspaces.prepare(repository.request());
  expect(await readFile(join(again.directory, "a.txt"), "utf8")).toBe("one\ntwo\n");
  expect(await readdir(join(again.directory, ".."))).toEqual(["ins_a-0"]);
});

test("moves a folder aside that git does not know any more, with the work in it", async () => {
  const workspace = await dirtyWorkspace();
  const gitFolder = await repository.git(workspace.directory, "rev-parse", "--absolute-git-dir");
  await rm(gitFolder, { recursive: true });
  const again = await repository.workspaces.prepare(second());
  expect(again.directory).toBe(workspace.directory);
  expect(await readFile(join(again.directory, "..", "saved", "ins_a-0-1", "new.txt"), "utf8")).toBe("half\n");
});

test("saves the work even when the marker was damaged by a power loss", async () => {
  const workspace = await dirtyWorkspace();
  const gitFolder = await repository.git(workspace.directory, "rev-parse", "--absolute-git-dir");
  await writeFile(join(gitFolder, "octo.json"), "");
  await repository.workspaces.prepare(second());
  const saved = (await branches()).find((name) => name.startsWith("octo/unknown-saved-"));
  expect(await show(`${saved}:new.txt`)).toBe("half");
});

test("names the folder in which the user has the branch checked out", async () => {
  await finish(await dirtyWorkspace());
  const users = join(repository.folder, "users");
  await repository.git(repository.root, "-c", "core.hooksPath=/dev/null", "worktree", "add", "--quiet", users, "octo/tsk_1-work");
  const preparing = repository.workspaces.prepare(repository.request());
  await expect(preparing).rejects.toMatchObject({ code: "BRANCH_CHECKED_OUT", message: expect.stringContaining(users) });
});

test("removes an instance's worktrees and keeps those with work that is nowhere else", async () => {
  await finish(await dirtyWorkspace());
  const dirty = await repository.workspaces.prepare({ ...second(), slot: 1 });
  await repository.write(dirty.directory, { "half.txt": "half\n" });
  const others = await repository.workspaces.prepare(repository.request({ instanceId: instanceId("a-1"), branch: "octo/x" }));
  expect(await repository.workspaces.removePool(instanceId("a"))).toEqual([dirty.directory]);
  expect((await readdir(join(dirty.directory, ".."))).sort()).toEqual(["ins_a-1", "ins_a-1-0"]);
  expect(await repository.git(others.directory, "branch", "--show-current")).toBe("octo/x");
});

test("has nothing to remove for an instance that never worked", async () => {
  expect(await repository.workspaces.removePool(instanceId("z"))).toEqual([]);
});

test("uses a worktree of the pool again after an empty folder stood in its place", async () => {
  const workspace = await repository.workspaces.prepare(repository.request());
  await rm(workspace.directory, { recursive: true });
  await mkdir(workspace.directory);
  expect(await repository.workspaces.prepare(repository.request())).toEqual(workspace);
});
