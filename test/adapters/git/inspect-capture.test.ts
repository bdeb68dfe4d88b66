import { mkdir, readFile, realpath, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { awkwardNames, createTestRepository, type TestRepository, taskId, userState } from "./test-repository";

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

test("tells root, subfolder, commit and the number of files a task would not see", async () => {
  const { root, base, workspaces } = repository;
  expect(await workspaces.inspect(root)).toEqual({ kind: "repository", root, prefix: "", head: base, dirtyFiles: 3 });
  expect(await workspaces.inspect(join(root, "sub"))).toMatchObject({ root, prefix: "sub" });
});

test("follows a symbolic link to the folder it stands for", async () => {
  const link = join(repository.folder, "link");
  await symlink(join(repository.root, "sub"), link);
  expect(await repository.workspaces.inspect(link)).toMatchObject({ root: repository.root, prefix: "sub" });
});

test("tells a plain folder, a missing one, an empty repository and one that cannot be worked in", async () => {
  const { folder, root, workspaces, git } = repository;
  await Promise.all(["plain", "empty", "bare"].map((name) => mkdir(join(folder, name))));
  await git(join(folder, "empty"), "init", "--quiet");
  await git(join(folder, "bare"), "init", "--quiet", "--bare");
  expect(await workspaces.inspect(join(folder, "plain"))).toEqual({ kind: "plain" });
  await expect(workspaces.inspect(join(folder, "none"))).rejects.toMatchObject({ code: "DIRECTORY_MISSING" });
  await expect(workspaces.inspect(join(root, "a.txt"))).rejects.toMatchObject({ code: "DIRECTORY_MISSING" });
  await expect(workspaces.inspect(join(folder, "empty"))).rejects.toMatchObject({ code: "REPOSITORY_EMPTY" });
  await expect(workspaces.inspect(join(folder, "bare"))).rejects.toMatchObject({ code: "REPOSITORY_UNSUPPORTED" });
  await expect(workspaces.inspect(join(root, ".git", "refs"))).rejects.toMatchObject({ code: "REPOSITORY_UNSUPPORTED" });
});

test("tells a folder whose git folder is gone from a plain one", async () => {
  const orphan = join(repository.folder, "orphan");
  await mkdir(orphan);
  await writeFile(join(orphan, ".git"), `gitdir: ${join(repository.folder, "gone")}\n`);
  await expect(repository.workspaces.inspect(orphan)).rejects.toMatchObject({ code: "REPOSITORY_UNSUPPORTED" });
});

test("is not led astray by GIT_ variables of the environment", async () => {
  const GIT_DIR = join(repository.folder, "nowhere");
  const workspaces = repository.workspacesWith({ environment: { ...repository.environment, GIT_DIR, GIT_INDEX_FILE: GIT_DIR } });
  expect(await workspaces.inspect(repository.root)).toMatchObject({ root: repository.root, dirtyFiles: 3 });
});

test("captures staged, changed, removed and untracked files as a commit on HEAD", async () => {
  const { root, base, workspaces, git } = repository;
  const commit = await workspaces.captureChanges(root);
  expect(await git(root, "rev-parse", `${commit}^`)).toBe(base);
  expect((await git(root, "diff-tree", "-r", "--name-only", base, commit)).split("\n")).toEqual(["a.txt", "staged.txt", "untracked.txt"]);
  const workspace = await workspaces.prepare(repository.request({ base: commit }));
  expect(await readFile(join(workspace.directory, "a.txt"), "utf8")).toBe("one\nchanged by the user\n");
  const result = await workspaces.finish({ taskId: taskId("1"), attempt: 1, workspace, subject: "Nothing" });
  expect(result?.files).toEqual([]);
});

test("captures HEAD itself when nothing is changed", async () => {
  const clean = join(repository.folder, "clean");
  await repository.git(repository.folder, "clone", "--quiet", repository.root, clean);
  expect(await repository.workspaces.captureChanges(clean)).toBe(repository.base);
});

test("captures around a repository inside the folder", async () => {
  const clone = join(repository.folder, "clone");
  await repository.git(repository.folder, "clone", "--quiet", repository.root, clone);
  await mkdir(join(clone, "inner"));
  await repository.git(join(clone, "inner"), "init", "--quiet");
  await repository.write(clone, { "inner/x.txt": "x", "outer.txt": "outer" });
  const commit = await repository.workspaces.captureChanges(clone);
  expect(await repository.git(clone, "diff-tree", "-r", "--name-only", repository.base, commit)).toBe("outer.txt");
});

test("works from a detached HEAD", async () => {
  const clone = join(repository.folder, "clone");
  await repository.git(repository.folder, "clone", "--quiet", repository.root, clone);
  await repository.git(clone, "switch", "--quiet", "--detach");
  const state = await userState(repository, clone);
  const info = await repository.workspaces.inspect(clone);
  expect(info).toMatchObject({ head: repository.base, dirtyFiles: 0 });
  const workspace = await repository.workspaces.prepare(repository.request({ repository: clone }));
  await repository.write(workspace.directory, { "new.txt": "new" });
  const result = await repository.workspaces.finish({ taskId: taskId("1"), attempt: 1, workspace, subject: "Work" });
  expect(result?.files).toEqual(["new.txt"]);
  expect(await userState(repository, clone)).toEqual(state);
});

test("treats a worktree of the user's as its own root, and shares the pool with the repository it belongs to", async () => {
  const users = join(await realpath(repository.folder), "users");
  await repository.git(repository.root, "-c", "core.hooksPath=/dev/null", "worktree", "add", "--quiet", "-b", "topic", users);
  before = await userState(repository);
  const state = await userState(repository, users);
  expect(await repository.workspaces.inspect(join(users, "sub"))).toMatchObject({ root: users, prefix: "sub" });
  const workspace = await repository.workspaces.prepare(repository.request({ repository: users }));
  const again = await repository.workspaces.prepare(repository.request());
  expect(again.directory).toBe(workspace.directory);
  expect(await userState(repository, users)).toEqual(state);
});

test("finds every awkward name in a listing of changes", async () => {
  const clone = join(repository.folder, "clone");
  await repository.git(repository.folder, "clone", "--quiet", repository.root, clone);
  for (const name of awkwardNames) await writeFile(join(clone, name), "changed");
  expect(await repository.workspaces.inspect(clone)).toMatchObject({ dirtyFiles: awkwardNames.length });
});
