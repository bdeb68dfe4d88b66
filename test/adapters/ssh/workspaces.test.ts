import { existsSync } from "node:fs";
import { readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RemoteHost } from "../../../bridge/adapters/ssh/remote-host";
import type { HostDefinition } from "../../../bridge/ports/hosts";
import type { Workspace, Workspaces } from "../../../bridge/ports/workspaces";
import { type SshHost, sshdMissing } from "../../helpers/sshd";
import { awkwardFiles, awkwardNames, type TestRepository, taskId } from "../git/test-repository";
import { createWorkspaceWorld, type WorkspaceWorld } from "./workspace-world";

describe.skipIf(sshdMissing)("worktrees on a host", () => {
  let world: WorkspaceWorld;
  let repository: TestRepository;
  let host: SshHost;
  let remote: RemoteHost;

  const workspacesOf = (of: RemoteHost): Workspaces => world.workspacesOf(of);
  const openAs = (given: Partial<HostDefinition>): RemoteHost => world.openAs(given);
  const finish = (workspace: Workspace, subject = "Do the work", workspaces = workspacesOf(remote)) =>
    workspaces.finish({ taskId: taskId("1"), attempt: 1, workspace, subject });
  const branchesOnHost = () =>
    remote.call('for r in "$octo_root"/repositories/*; do git -C "$r" for-each-ref --format="%(refname:short)" refs/heads; done', 5_000);

  beforeEach(async () => {
    world = await createWorkspaceWorld();
    ({ repository, host } = world);
    remote = openAs({});
  });
  afterEach(() => world.close());

  test("begin at the task's commit, made of nothing but packs, and the result comes home", async () => {
    const workspaces = workspacesOf(remote);
    const workspace = await workspaces.prepare(repository.request({ prefix: "sub" }));
    expect(workspace.directory.startsWith(join(host.home, ".local/state/octo/hosts/test/worktrees"))).toBe(true);
    expect(workspace.directory.endsWith("/sub")).toBe(true);
    const tree = workspace.branch?.worktree ?? "";
    expect((await readdir(tree)).sort()).toEqual([".git", ".gitignore", "a.txt", "sub", ...awkwardNames].sort());

    await repository.write(tree, { ...awkwardFiles("second"), "new/file.txt": "new\r\n", "ignored/x": "x" });
    await rm(join(tree, "sub/b.txt"));
    const result = await finish(workspace, "# Do the work");
    expect(result).toMatchObject({ repository: repository.root, branch: "octo/tsk_1-work", base: repository.base });
    expect([...(result?.files ?? [])].sort()).toEqual([...awkwardNames, "new/file.txt", "sub/b.txt"].sort());
    const log = await repository.git(repository.root, "log", "-1", "--format=%H|%P|%s|%an|%ae|%G?", "octo/tsk_1-work");
    expect(log).toBe(`${result?.commit}|${repository.base}|# Do the work|octo|octo@localhost|N`);
    expect(await repository.git(repository.root, "show", "octo/tsk_1-work:new/file.txt")).toBe("new");
    expect(await branchesOnHost()).toEqual([]);
    expect(await finish(workspace)).toEqual(result);
  });

  test("get a branch that is open at home while nothing uncommitted is there, and are refused before the work begins otherwise", async () => {
    const workspaces = workspacesOf(remote);
    const local = await repository.workspaces.prepare(repository.request());
    await repository.write(local.directory, { "left.txt": "of an attempt at home\n" });
    const workspace = await workspaces.prepare(repository.request());
    expect(await readFile(join(workspace.directory, "left.txt"), "utf8")).toBe("of an attempt at home\n");
    await repository.write(workspace.directory, { "new.txt": "new\n" });
    expect((await finish(workspace))?.files).toEqual(["left.txt", "new.txt"]);
    const tree = join(repository.folder, "tree");
    await repository.git(repository.root, "-c", "core.hooksPath=/dev/null", "worktree", "add", "--quiet", tree, "octo/tsk_1-work");
    await expect(workspaces.prepare(repository.request())).rejects.toMatchObject({ code: "BRANCH_CHECKED_OUT" });
    await repository.git(repository.root, "worktree", "remove", tree);
  });

  test("commit as the user is called at home", async () => {
    await writeFile(repository.environment.GIT_CONFIG_GLOBAL ?? "", "[user]\nname = Ada Example\nemail = ada@example.org\n");
    const workspace = await workspacesOf(remote).prepare(repository.request());
    await repository.write(workspace.directory, { "new.txt": "new\n" });
    await finish(workspace);
    expect(await repository.git(repository.root, "log", "-1", "--format=%an <%ae>", "octo/tsk_1-work")).toBe(
      "Ada Example <ada@example.org>",
    );
  });

  test("take along uncommitted changes that no branch holds", async () => {
    const workspaces = workspacesOf(remote);
    const base = await workspaces.captureChanges(repository.root);
    expect(base).not.toBe(repository.base);
    const workspace = await workspaces.prepare(repository.request({ base }));
    expect(await readFile(join(workspace.directory, "a.txt"), "utf8")).toBe(await readFile(join(repository.root, "a.txt"), "utf8"));
    expect((await finish(workspace))?.files).toEqual([]);
  });

  test("are used again, with what the user ignores, and a second task sends little", async () => {
    const workspaces = workspacesOf(remote);
    const first = await workspaces.prepare(repository.request());
    await repository.write(first.directory, { "one.txt": "1\n", "ignored/dependencies": "kept" });
    await finish(first);
    const second = await workspaces.prepare(repository.request({ taskId: taskId("2"), branch: "octo/tsk_2-more" }));
    expect(second.directory).toBe(first.directory);
    expect(await readFile(join(second.directory, "ignored/dependencies"), "utf8")).toBe("kept");
    expect(existsSync(join(second.directory, "one.txt"))).toBe(false);
    await repository.write(second.directory, { "two.txt": "2\n" });
    expect((await finish(second))?.files).toEqual(["two.txt"]);
  });

  test("of many tasks at once each have their branch at home", { timeout: 60_000 }, async () => {
    const workspaces = workspacesOf(remote);
    const results = await Promise.all(
      Array.from({ length: 8 }, async (_, slot) => {
        const workspace = await workspaces.prepare(repository.request({ slot, branch: `octo/tsk_${slot}-many` }));
        await repository.write(workspace.directory, { [`file-${slot}.txt`]: `${slot}\n` });
        return finish(workspace, `Task ${slot}`, workspaces);
      }),
    );
    expect(results.map((result) => result?.files)).toEqual(Array.from({ length: 8 }, (_, slot) => [`file-${slot}.txt`]));
  });

  test("go on where a branch at home is, and take up what an earlier attempt left on the host", async () => {
    const workspaces = workspacesOf(remote);
    const first = await workspaces.prepare(repository.request());
    await repository.write(first.directory, { "one.txt": "1\n" });
    await finish(first);
    // A reply on another slot; its link is lost before it could finish.
    const reply = await workspaces.prepare(repository.request({ slot: 1 }));
    expect(await readFile(join(reply.directory, "one.txt"), "utf8")).toBe("1\n");
    await repository.write(reply.directory, { "two.txt": "2\n" });
    const again = await workspaces.prepare(repository.request({ slot: 2 }));
    expect(await readFile(join(again.directory, "two.txt"), "utf8")).toBe("2\n");
    expect((await finish(again))?.files).toEqual(["one.txt", "two.txt"]);
  });

  test("take up what an earlier attempt left in a home that is a link, in its slot and in another", async () => {
    await rename(host.home, `${host.home}-on-a-disk`);
    await symlink(`${host.home}-on-a-disk`, host.home);
    const workspaces = workspacesOf(remote);
    const lost = await workspaces.prepare(repository.request());
    await repository.write(lost.directory, { "one.txt": "1\n" });
    await workspaces.prepare(repository.request());
    const again = await workspaces.prepare(repository.request({ slot: 1 }));
    expect(await readFile(join(again.directory, "one.txt"), "utf8")).toBe("1\n");
    expect((await finish(again))?.files).toEqual(["one.txt"]);
  });

  test("bring home what a lost attempt left once its slot is used again, beside what was done elsewhere meanwhile", async () => {
    const workspaces = workspacesOf(remote);
    const lost = await workspaces.prepare(repository.request());
    await repository.write(lost.directory, { "lost.txt": "lost\n" });
    const local = await repository.workspaces.prepare(repository.request());
    await repository.write(local.directory, { "local.txt": "local\n" });
    await repository.workspaces.finish({ taskId: taskId("1"), attempt: 2, workspace: local, subject: "Elsewhere" });

    await workspaces.prepare(repository.request({ taskId: taskId("2"), branch: "octo/tsk_2-more" }));
    const names = (await repository.git(repository.root, "for-each-ref", "--format=%(refname:short)", "refs/heads/octo")).split("\n");
    const saved = names.find((name) => name.startsWith("octo/tsk_1-work-saved-")) ?? "none";
    expect(await repository.git(repository.root, "show", `${saved}:lost.txt`)).toBe("lost");
    expect(await repository.git(repository.root, "show", "octo/tsk_1-work:local.txt")).toBe("local");
  });

  test("keep work beside a branch that went elsewhere, once, and over nothing of that name", async () => {
    const clone = join(host.home, "clone");
    await repository.git(repository.folder, "clone", "--quiet", repository.root, clone);
    const commit = (subject: string) =>
      repository.git(clone, "-c", "user.name=x", "-c", "user.email=x@x", "commit-tree", "-p", "HEAD", "-m", subject, "HEAD^{tree}");
    const [work, other] = [await commit("work"), await commit("other")];
    const saved = `octo/tsk_1-work-saved-${work.slice(0, 8)}`;
    const keep = () => remote.call(`octo_repository none '${clone}'\nocto_keep_commit octo/tsk_1-work ${work}`, 5_000);
    for (const _ of [1, 2]) expect(await keep()).toEqual([`saved ${saved} ${work}`]);
    await repository.git(clone, "branch", "--force", saved, other);
    for (const _ of [1, 2]) expect(await keep()).toEqual([`saved ${saved}-${work} ${work}`]);
    expect(await repository.git(clone, "rev-parse", saved, `${saved}-${work}`)).toBe(`${other}\n${work}`);
  });

  test("hold commits that the agent made itself, on the branch, detached and on one of its own", async () => {
    const workspaces = workspacesOf(remote);
    const workspace = await workspaces.prepare(repository.request());
    const git = (...args: string[]) => repository.git(workspace.directory, "-c", "user.name=x", "-c", "user.email=x@x", ...args);
    await git("commit", "--allow-empty", "--quiet", "-m", "on the branch");
    await git("switch", "--quiet", "--detach");
    await repository.write(workspace.directory, { "detached.txt": "d\n" });
    await git("add", "--all");
    await git("commit", "--quiet", "-m", "detached");
    await repository.write(workspace.directory, { "rest.txt": "r\n" });
    expect((await finish(workspace))?.files).toEqual(["detached.txt", "rest.txt"]);
  });

  test("use the user's own clone there where one is named, and leave nothing in it", async () => {
    const clone = join(host.home, "clone");
    await repository.git(repository.folder, "clone", "--quiet", repository.root, clone);
    const mapped = workspacesOf(openAs({ paths: { project: "~/clone" } }));
    const workspace = await mapped.prepare(repository.request());
    expect(await repository.git(workspace.directory, "rev-parse", "--path-format=absolute", "--git-common-dir")).toBe(join(clone, ".git"));
    await repository.write(workspace.directory, { "new.txt": "new\n" });
    expect((await finish(workspace, "Work", mapped))?.files).toEqual(["new.txt"]);
    expect(await repository.git(clone, "branch", "--list", "octo/*")).toBe("");
    expect(await repository.git(clone, "status", "--porcelain")).toBe("");
  });

  test("that hold no work are removed with their instance; those that do are kept and named", async () => {
    const workspaces = workspacesOf(remote);
    const done = await workspaces.prepare(repository.request());
    await finish(done);
    const dirty = await workspaces.prepare(repository.request({ slot: 1, branch: "octo/tsk_3-dirty" }));
    await repository.write(dirty.directory, { "work.txt": "work\n" });
    expect(await workspaces.removePool(repository.request().instanceId)).toEqual([dirty.directory]);
    expect(existsSync(done.directory)).toBe(false);
  });

  test("that git cannot read keep what is uncommitted: neither the next start nor a removal takes it for nothing", async () => {
    const { directory, ...tree } = await workspacesOf(remote).prepare(repository.request());
    await repository.git(directory, "update-index", "--add", "--cacheinfo", `160000,${tree.branch?.base},module`);
    await repository.write(directory, { "module/.git": "gitdir: /nowhere\n", "work.txt": "work\n" });
    await expect(finish({ directory, ...tree })).rejects.toMatchObject({ code: "WORKTREE_FAILED" });
    await expect(workspacesOf(remote).prepare(repository.request())).rejects.toMatchObject({ code: "WORKTREE_FAILED" });
    expect(await workspacesOf(remote).removePool(repository.request().instanceId)).toEqual([directory]);
    expect(existsSync(join(directory, "work.txt"))).toBe(true);
  });
});
