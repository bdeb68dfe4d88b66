import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Workspace } from "../../../bridge/ports/workspaces";
import { awkwardFiles, awkwardNames, createTestRepository, type TestRepository, taskId, userState } from "./test-repository";

let repository: TestRepository;
let before: Record<string, string>;

beforeEach(async () => {
  repository = await createTestRepository();
  before = await userState(repository);
});

// Every test of this file also promises that nothing of the user's has changed.
afterEach(async () => {
  const after = await userState(repository);
  await repository.remove();
  expect(after).toEqual(before);
});

const finish = (workspace: Workspace, subject = "Do the work") =>
  repository.workspaces.finish({ taskId: taskId("1"), attempt: 1, workspace, subject });

const second = () => repository.request({ taskId: taskId("2"), branch: "octo/tsk_2-more" });

test("gives a task a clean worktree of its base, whatever the user has uncommitted", async () => {
  const workspace = await repository.workspaces.prepare(repository.request());
  expect(await readFile(join(workspace.directory, "a.txt"), "utf8")).toBe("one\ntwo\n");
  expect((await readdir(workspace.directory)).sort()).toEqual([".git", ".gitignore", "a.txt", "sub", ...awkwardNames].sort());
  expect(await repository.git(workspace.directory, "branch", "--show-current")).toBe("octo/tsk_1-work");
  expect(workspace.directory.startsWith(repository.worktreesFolder)).toBe(true);
});

test("commits changed, new and removed files with awkward names, under octo's name where the user has none", async () => {
  const workspace = await repository.workspaces.prepare(repository.request());
  await repository.write(workspace.directory, { ...awkwardFiles("second"), "new/file.txt": "new\r\n", "ignored/x": "x" });
  await repository.git(workspace.directory, "rm", "--quiet", "sub/b.txt");
  const result = await finish(workspace, "# Do the work");
  expect(result).toMatchObject({ repository: repository.root, branch: "octo/tsk_1-work", base: repository.base });
  expect([...(result?.files ?? [])].sort()).toEqual([...awkwardNames, "new/file.txt", "sub/b.txt"].sort());
  const log = await repository.git(repository.root, "log", "-1", "--format=%H|%P|%s|%an|%ae|%cn|%G?", "octo/tsk_1-work");
  expect(log).toBe(`${result?.commit}|${repository.base}|# Do the work|octo|octo@localhost|octo|N`);
});

test("commits under the user's own name where there is one", async () => {
  await writeFile(repository.environment.GIT_CONFIG_GLOBAL ?? "", "[user]\nname = Ada\nemail = ada@example.org\n");
  const workspace = await repository.workspaces.prepare(repository.request());
  await repository.write(workspace.directory, { "new.txt": "new\n" });
  await finish(workspace);
  expect(await repository.git(repository.root, "log", "-1", "--format=%an <%ae>", "octo/tsk_1-work")).toBe("Ada <ada@example.org>");
});

test("keeps the user's name and lends only the address when just that is missing", async () => {
  await writeFile(repository.environment.GIT_CONFIG_GLOBAL ?? "", "[user]\nname = Ada\n");
  const workspace = await repository.workspaces.prepare(repository.request());
  await repository.write(workspace.directory, { "new.txt": "new\n" });
  await finish(workspace);
  expect(await repository.git(repository.root, "log", "-1", "--format=%an <%ae>", "octo/tsk_1-work")).toBe("Ada <octo@localhost>");
});

test("gives the base as the result of a task that changed nothing", async () => {
  const workspace = await repository.workspaces.prepare(repository.request());
  expect(await finish(workspace)).toEqual({
    repository: repository.root,
    branch: "octo/tsk_1-work",
    base: repository.base,
    commit: repository.base,
    files: [],
  });
});

test("leaves the branch free to be checked out elsewhere", async () => {
  const workspace = await repository.workspaces.prepare(repository.request());
  await repository.write(workspace.directory, { "new.txt": "new\n" });
  await finish(workspace);
  const elsewhere = join(repository.folder, "elsewhere");
  await repository.git(repository.root, "-c", "core.hooksPath=/dev/null", "worktree", "add", "--quiet", elsewhere, "octo/tsk_1-work");
  expect(await readFile(join(elsewhere, "new.txt"), "utf8")).toBe("new\n");
});

test("gives the same worktree and result when asked twice", async () => {
  const first = await repository.workspaces.prepare(repository.request());
  await repository.write(first.directory, { "new.txt": "new\n" });
  const again = await repository.workspaces.prepare(repository.request());
  expect(again).toEqual(first);
  expect(await readFile(join(again.directory, "new.txt"), "utf8")).toBe("new\n");
  const result = await finish(again);
  expect(await finish(again)).toEqual(result);
  expect(result?.files).toEqual(["new.txt"]);
});

test("reuses the worktree of a slot for the next task: ignored files stay, everything else is the base", async () => {
  const first = await repository.workspaces.prepare(repository.request());
  await repository.write(first.directory, { "new.txt": "new\n", "a.txt": "changed\n", "ignored/cache": "kept" });
  await finish(first);
  const next = await repository.workspaces.prepare(second());
  expect(next.directory).toBe(first.directory);
  expect(await readFile(join(next.directory, "a.txt"), "utf8")).toBe("one\ntwo\n");
  expect(await readFile(join(next.directory, "ignored/cache"), "utf8")).toBe("kept");
  await expect(stat(join(next.directory, "new.txt"))).rejects.toThrow();
  expect((await finish(next))?.files).toEqual([]);
});

test("does not hand the next task what only the earlier task ignored", async () => {
  const first = await repository.workspaces.prepare(repository.request());
  await repository.write(first.directory, { ".gitignore": "ignored/\nbuild/\n", "build/big": "big" });
  await finish(first);
  const next = await repository.workspaces.prepare(second());
  expect((await finish(next))?.files).toEqual([]);
  await expect(stat(join(next.directory, "build"))).rejects.toThrow();
});

test("does not touch a worktree that has passed to another task when the earlier one is finished late", async () => {
  const first = await repository.workspaces.prepare(repository.request());
  await repository.write(first.directory, { "first.txt": "first\n" });
  const result = await finish(first);
  const next = await repository.workspaces.prepare(second());
  await repository.write(next.directory, { "second.txt": "second\n" });
  expect(await finish(first)).toEqual(result);
  expect(await repository.git(next.directory, "branch", "--show-current")).toBe("octo/tsk_2-more");
  expect((await finish(next))?.files).toEqual(["second.txt"]);
});

test("goes on from an ended task's branch for a reply", async () => {
  const first = await repository.workspaces.prepare(repository.request());
  await repository.write(first.directory, { "new.txt": "new\n" });
  await finish(first);
  await finish(await repository.workspaces.prepare(second()));
  const reply = await repository.workspaces.prepare(repository.request());
  expect(await readFile(join(reply.directory, "new.txt"), "utf8")).toBe("new\n");
  await repository.write(reply.directory, { "newer.txt": "newer\n" });
  expect((await finish(reply))?.files).toEqual(["new.txt", "newer.txt"]);
});

test("maps a subfolder, also one that the base does not have", async () => {
  const present = await repository.workspaces.prepare(repository.request({ prefix: "sub" }));
  expect(await readdir(present.directory)).toEqual(["b.txt"]);
  const absent = await repository.workspaces.prepare(repository.request({ prefix: "not/there yet" }));
  expect(absent.directory).toBe(join(absent.branch?.worktree ?? "", "not/there yet"));
  expect((await stat(absent.directory)).isDirectory()).toBe(true);
});

test("prepares and finishes all slots of a repository at once", async () => {
  const slots = Array.from({ length: 8 }, (_, slot) => slot);
  for (const round of ["x", "y"]) {
    const results = await Promise.all(
      slots.map(async (slot) => {
        const workspace = await repository.workspaces.prepare(repository.request({ slot, branch: `octo/${round}-${slot}` }));
        await repository.write(workspace.directory, { [`${round}${slot}.txt`]: "new\n" });
        return await finish(workspace);
      }),
    );
    expect(results.map((result) => result?.files)).toEqual(slots.map((slot) => [`${round}${slot}.txt`]));
  }
});

test("commits the files of a repository that the task made inside, and keeps that repository's history", async () => {
  const workspace = await repository.workspaces.prepare(repository.request());
  await mkdir(join(workspace.directory, "app"));
  await repository.git(join(workspace.directory, "app"), "init", "--quiet");
  await repository.write(workspace.directory, { "app/main.txt": "main\n" });
  expect((await finish(workspace))?.files).toEqual(["app/main.txt"]);
  const saved = join(workspace.branch?.worktree ?? "", "..", "saved");
  expect(await readdir(saved)).toEqual(["ins_a-0-.git-1"]);
});

test("takes the work along when the task went to a branch of its own", async () => {
  const workspace = await repository.workspaces.prepare(repository.request());
  await repository.git(workspace.directory, "-c", "core.hooksPath=/dev/null", "switch", "--quiet", "--detach");
  await repository.write(workspace.directory, { "new.txt": "new\n" });
  const result = await finish(workspace);
  expect(result?.files).toEqual(["new.txt"]);
  expect(await repository.git(repository.root, "rev-parse", "octo/tsk_1-work")).toBe(result?.commit);
});

test.each(["merge", "rebase", "cherry-pick"])(
  "keeps the work of a %s left in the middle, and prepares the next task there",
  async (operation) => {
    const workspace = await repository.workspaces.prepare(repository.request());
    const settings = ["core.hooksPath=/dev/null", "user.name=x", "user.email=x@y", "commit.gpgSign=false"].flatMap((setting) => [
      "-c",
      setting,
    ]);
    const inside = (...args: string[]) => repository.git(workspace.directory, ...settings, ...args);
    await repository.write(workspace.directory, { "a.txt": "ours\n" });
    await inside("commit", "--quiet", "-am", "ours");
    await inside("switch", "--quiet", "--detach", repository.base);
    await repository.write(workspace.directory, { "a.txt": "theirs\n" });
    await inside("commit", "--quiet", "-am", "theirs");
    const theirs = await inside("rev-parse", "HEAD");
    await inside("switch", "--quiet", "octo/tsk_1-work");
    await expect(inside(operation, theirs)).rejects.toThrow("CONFLICT");
    expect((await finish(workspace))?.files).toEqual(["a.txt"]);
    const next = await repository.workspaces.prepare(second());
    expect(await readFile(join(next.directory, "a.txt"), "utf8")).toBe("one\ntwo\n");
    expect(await repository.git(next.directory, "branch", "--show-current")).toBe("octo/tsk_2-more");
    expect(await repository.git(next.directory, "-c", "status.showUntrackedFiles=all", "status")).not.toMatch(/merging|rebas|cherry/);
  },
);

test("prints the diff of a result in the plain form, cut at the limit", async () => {
  const workspace = await repository.workspaces.prepare(repository.request());
  await repository.write(workspace.directory, { "a.txt": "one\nthree\n" });
  const result = await finish(workspace);
  if (result === undefined) throw new Error("no result");
  const { text } = await repository.workspaces.diff(result, 10_000);
  expect(text).toContain("--- a/a.txt\n+++ b/a.txt\n");
  expect(text).toContain("-two\n+three\n");
  expect(await repository.workspaces.diff(result, 20)).toEqual({ text: text.slice(0, 20), truncated: true });
});
