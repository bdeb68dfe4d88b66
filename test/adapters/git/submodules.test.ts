import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestRepository, type TestRepository, taskId, userState } from "./test-repository";

let repository: TestRepository;
let root: string;
let base: string;
let before: Record<string, string>;

const author = ["-c", "core.hooksPath=/dev/null", "-c", "user.name=x", "-c", "user.email=x@y", "-c", "protocol.file.allow=always"];

beforeEach(async () => {
  repository = await createTestRepository();
  root = join(repository.folder, "super");
  const library = join(repository.folder, "library");
  for (const path of [root, library]) await repository.git(repository.folder, "clone", "--quiet", repository.root, path);
  await repository.git(root, ...author, "submodule", "--quiet", "add", "--name", "lib name", library, "deps/lib one");
  await repository.git(root, ...author, "commit", "--quiet", "-m", "submodule");
  base = await repository.git(root, "rev-parse", "HEAD");
  before = await userState(repository, root);
});

afterEach(async () => {
  const after = await userState(repository, root);
  await repository.remove();
  expect(after).toEqual(before);
});

test("checks out the user's submodules without the network, first and again", async () => {
  await repository.git(join(repository.folder, "library"), "update-ref", "-d", "refs/heads/main");
  const workspace = await repository.workspaces.prepare(repository.request({ repository: root, base }));
  expect(await readFile(join(workspace.directory, "deps/lib one/a.txt"), "utf8")).toBe("one\ntwo\n");
  await repository.workspaces.finish({ taskId: taskId("1"), attempt: 1, workspace, subject: "Work" });
  const next = await repository.workspaces.prepare(repository.request({ repository: root, base, branch: "octo/next" }));
  expect(await readFile(join(next.directory, "deps/lib one/a.txt"), "utf8")).toBe("one\ntwo\n");
  const result = await repository.workspaces.finish({ taskId: taskId("2"), attempt: 1, workspace: next, subject: "Work" });
  expect(result?.files).toEqual([]);
});

test("commits changes inside a submodule and hands them to the user's clone of it", async () => {
  const workspace = await repository.workspaces.prepare(repository.request({ repository: root, base }));
  await repository.write(join(workspace.directory, "deps/lib one"), { "a.txt": "changed\n" });
  const result = await repository.workspaces.finish({ taskId: taskId("1"), attempt: 1, workspace, subject: "Work" });
  expect(result?.files).toEqual(["deps/lib one"]);
  expect(await repository.git(join(root, "deps/lib one"), "show", "octo/tsk_1-work:a.txt")).toBe("changed");
});

test("hands over what the agent committed itself, inside a submodule and around it", async () => {
  const workspace = await repository.workspaces.prepare(repository.request({ repository: root, base }));
  const inside = join(workspace.directory, "deps/lib one");
  await repository.write(inside, { "a.txt": "changed\n" });
  for (const folder of [inside, workspace.directory]) {
    await repository.git(folder, ...author, "commit", "--quiet", "--all", "-m", "by the agent");
  }
  const commit = await repository.git(inside, "rev-parse", "HEAD");
  await repository.workspaces.finish({ taskId: taskId("1"), attempt: 1, workspace, subject: "Work" });
  expect(await repository.git(join(root, "deps/lib one"), "rev-parse", "octo/tsk_1-work")).toBe(commit);
});

test("hands over what the agent committed there also when the worktree goes before anything else ran in it", async () => {
  const workspace = await repository.workspaces.prepare(repository.request({ repository: root, base }));
  await repository.workspaces.finish({ taskId: taskId("1"), attempt: 1, workspace, subject: "Work" });
  const inside = join(workspace.directory, "deps/lib one");
  await repository.write(inside, { "a.txt": "late\n" });
  await repository.git(inside, ...author, "commit", "--quiet", "--all", "-m", "late");
  await repository.git(workspace.directory, ...author, "commit", "--quiet", "--all", "-m", "late");
  const commit = await repository.git(workspace.directory, "rev-parse", "HEAD");
  await repository.git(root, "update-ref", "refs/heads/octo/late", commit);
  const { instanceId } = repository.request({});
  expect(await repository.workspaces.removePool(instanceId)).toEqual([]);
  const branches = await repository.git(join(root, "deps/lib one"), "for-each-ref", "--format=%(refname:short)", "refs/heads/octo/kept-*");
  expect(branches).toMatch(/^octo\/kept-/);
});

test("leaves submodules empty that the user has not initialised", async () => {
  const clone = join(repository.folder, "clone");
  await repository.git(repository.folder, "clone", "--quiet", root, clone);
  const state = await userState(repository, clone);
  const workspace = await repository.workspaces.prepare(repository.request({ repository: clone, base }));
  const result = await repository.workspaces.finish({ taskId: taskId("1"), attempt: 1, workspace, subject: "Work" });
  expect(result?.files).toEqual([]);
  expect(await userState(repository, clone)).toEqual(state);
});

test("refuses a base whose submodule commit the user does not have", async () => {
  const gitlink = `160000,${"1".repeat(40)},deps/lib one`;
  const clone = join(repository.folder, "scratch");
  await repository.git(repository.folder, "clone", "--quiet", "--no-checkout", root, clone);
  await repository.git(clone, "read-tree", "HEAD");
  await repository.git(clone, "update-index", "--cacheinfo", gitlink);
  const tree = await repository.git(clone, "write-tree");
  const commit = await repository.git(clone, ...author, "commit-tree", "-p", base, "-m", "unknown", tree);
  await repository.git(
    root,
    ...author,
    "fetch",
    "--quiet",
    "--recurse-submodules=no",
    "--no-write-fetch-head",
    clone,
    `${commit}:refs/heads/octo/unknown-base`,
  );
  const preparing = repository.workspaces.prepare(repository.request({ repository: root, base: commit }));
  await expect(preparing).rejects.toMatchObject({ code: "REPOSITORY_UNSUPPORTED" });
});
