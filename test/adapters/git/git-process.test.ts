import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestRepository, type TestRepository } from "./test-repository";

let repository: TestRepository;

beforeEach(async () => {
  repository = await createTestRepository();
});

afterEach(() => repository.remove());

/** Workspaces whose PATH begins with a `git` of the given shell text. */
async function withGit(script: string, timeoutMs?: number) {
  const bin = join(repository.folder, "bin");
  await mkdir(bin);
  await writeFile(join(bin, "git"), `#!/bin/sh\n${script}\n`);
  await chmod(join(bin, "git"), 0o755);
  const PATH = `${bin}:${repository.environment.PATH}`;
  return repository.workspacesWith({ environment: { ...repository.environment, PATH }, timeoutMs });
}

test("ends git and whatever git started when the deadline passes", async () => {
  const pidFile = join(repository.folder, "pid");
  const workspaces = await withGit(`sleep 300 & echo $! > "${pidFile}"; wait`, 500);
  await expect(workspaces.inspect(repository.root)).rejects.toMatchObject({ code: "GIT_TIMEOUT" });
  const pid = Number(await readFile(pidFile, "utf8"));
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // Gone, or a zombie that nobody has collected yet.
  expect(stat === "" || / [ZX] /.test(stat)).toBe(true);
});

test("says that git is missing", async () => {
  const workspaces = repository.workspacesWith({ environment: { PATH: join(repository.folder, "none") } });
  await expect(workspaces.inspect(repository.root)).rejects.toMatchObject({ code: "GIT_MISSING" });
});

test("says that git distrusts a folder of another user", async () => {
  const workspaces = await withGit(`PATH="${repository.environment.PATH}" GIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec git "$@"`);
  const refused = { code: "REPOSITORY_UNTRUSTED", message: expect.stringContaining(repository.root) };
  await expect(workspaces.inspect(repository.root)).rejects.toMatchObject(refused);
  await expect(workspaces.prepare(repository.request())).rejects.toMatchObject(refused);
});

test("reports git's own words, made inert", async () => {
  const preparing = repository.workspaces.prepare(repository.request({ base: "0123456789012345678901234567890123456789" }));
  await expect(preparing).rejects.toMatchObject({
    code: "WORKTREE_FAILED",
    message: expect.stringMatching(/^git update-ref in .*nonexistent object/),
  });
});

test("waits for another git that is just making a worktree", async () => {
  const entry = join(repository.root, ".git", "worktrees", "half");
  await mkdir(entry, { recursive: true });
  for (const [name, content] of [
    ["gitdir", "/nowhere/.git\n"],
    ["HEAD", `${repository.base}\n`],
    ["commondir", ""],
  ] as const) {
    await writeFile(join(entry, name), content);
  }
  const log = join(repository.folder, "log");
  // The third git finds the other one's work done.
  const script = `echo run >> "${log}"; [ "$(wc -l < "${log}")" -lt 3 ] || echo ../.. > "${entry}/commondir"`;
  const workspaces = await withGit(`${script}; PATH="${repository.environment.PATH}" exec git "$@"`);
  expect((await workspaces.prepare(repository.request())).branch?.name).toBe("octo/tsk_1-work");
});

test("says that a branch of the user's stands in the way of octo's", async () => {
  await repository.git(repository.root, "-c", "core.hooksPath=/dev/null", "branch", "octo");
  await expect(repository.workspaces.prepare(repository.request())).rejects.toMatchObject({ code: "REPOSITORY_UNSUPPORTED" });
});

test("uses at most 5 git processes for a pooled worktree that is used again", async () => {
  const log = join(repository.folder, "log");
  const workspaces = await withGit(`echo run >> "${log}"; PATH="${repository.environment.PATH}" exec git "$@"`);
  const finish = async (branch: string) => {
    const workspace = await workspaces.prepare(repository.request({ branch }));
    const prepared = (await readFile(log, "utf8")).split("\n").length - 1;
    await workspaces.finish({ taskId: repository.request().taskId, attempt: 1, workspace, subject: "Work" });
    return prepared;
  };
  await finish("octo/first");
  const begin = (await readFile(log, "utf8")).split("\n").length - 1;
  expect((await finish("octo/second")) - begin).toBeLessThanOrEqual(4);
});
