import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createGitAdapter } from "../../../bridge/adapters/git/create-workspaces";
import { type ResultsWorld, resultsWorld } from "./results-world";
import { instanceId, taskId } from "./test-repository";

// Repositories of other kinds than most.

let world: ResultsWorld;
beforeEach(async () => {
  world = await resultsWorld();
});
afterEach(() => world[Symbol.asyncDispose]());

async function addSubmodule(): Promise<void> {
  const library = join(world.folder, "library");
  await mkdir(library);
  await world.git(library, "init", "--quiet", "--initial-branch=main");
  await writeFile(join(library, "lib.txt"), "one\n");
  await world.git(library, "add", "--all");
  await world.git(library, "commit", "--quiet", "-m", "first");
  await world.run("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", library, "lib");
  await world.run("commit", "--quiet", "-m", "with a submodule");
}

test("merges a new commit of a submodule, which is then in the user's own clone of it; its files are the user's to update", async () => {
  await addSubmodule();
  const work = await world.work("1", { "lib/lib.txt": "two\n", "a.txt": "two\n" });
  await world.write({ "lib/untracked.txt": "of the user\n" });
  const merged = await world.merge(work);
  expect([...merged.files].sort()).toEqual(["a.txt", "lib"]);
  const wanted = (await world.run("ls-tree", "HEAD", "lib")).split(/\s/)[2] ?? "";
  expect(await world.git(join(world.root, "lib"), "show", `${wanted}:lib.txt`)).toBe("two");
  expect(await readFile(join(world.root, "lib/lib.txt"), "utf8")).toBe("one\n");
  await world.run("-c", "protocol.file.allow=always", "submodule", "--quiet", "update");
  expect(await readFile(join(world.root, "lib/lib.txt"), "utf8")).toBe("two\n");
});

test("works from a worktree of a bare repository, and refuses the bare one and a plain folder by a code", async () => {
  const bare = join(world.folder, "bare.git");
  const tree = join(world.folder, "tree");
  await world.run("clone", "--quiet", "--bare", world.root, bare);
  await world.git(bare, "worktree", "add", "--quiet", tree, "main");
  const request = { taskId: taskId("1"), instanceId: instanceId("b"), slot: 0, repository: tree, prefix: "", branch: "octo/tsk_1-work" };
  const workspace = await world.workspaces.prepare({ ...request, base: await world.git(tree, "rev-parse", "HEAD") });
  await world.write({ "x.txt": "x\n" }, workspace.directory);
  const work = await world.workspaces.finish({ taskId: taskId("1"), attempt: 1, workspace, subject: "work" });
  if (!work) throw new Error("no branch");
  expect(await world.merge(work)).toMatchObject({ how: "ff", checkout: tree });
  expect(await readFile(join(tree, "x.txt"), "utf8")).toBe("x\n");
  expect(await world.code(world.merge({ ...work, repository: bare }))).toBe("REPOSITORY_UNSUPPORTED");
  expect(await world.code(world.merge({ ...work, repository: world.folder }))).toBe("REPOSITORY_UNSUPPORTED");
});

test("merges, and protects, files whose names are any bytes", async () => {
  const name = Buffer.from([0xff, 0x0a, 0x22, 0x2d]);
  const at = (folder: string) => Buffer.concat([Buffer.from(`${folder}/`), name]);
  const work = await world.work("1", { "x.txt": "x\n" });
  const { path } = await world.results.open({ taskId: taskId("1"), place: work });
  await writeFile(at(path), "bytes\n");
  await world.git(path, "add", "--all");
  await world.git(path, "commit", "--quiet", "-m", "bytes");
  await writeFile(at(world.root), "of the user\n");
  expect(await world.code(world.merge(work))).toBe("MERGE_TARGET_DIRTY");
  expect(await readFile(at(world.root), "utf8")).toBe("of the user\n");
  await world.run("clean", "--quiet", "--force");
  await world.merge(work);
  expect(await readFile(at(world.root), "utf8")).toBe("bytes\n");
  const diff = await world.workspaces.diff(work, 10_000);
  expect(diff.text).toContain('"b/\\377\\n\\"-"');
});

test("a diff names binary files, and one that is too long says so", async () => {
  const work = await world.work("1", { "big.txt": "line\n".repeat(10_000), "image.bin": "\0\u0001\u0002" });
  const whole = await world.workspaces.diff(work, 1_000_000);
  expect(whole.truncated).toBe(false);
  expect(whole.text).toContain("Binary files /dev/null and b/image.bin differ");
  const cut = await world.workspaces.diff(work, 1_000);
  expect(cut.truncated).toBe(true);
  expect(cut.text.length).toBeLessThanOrEqual(1_000);
});

test("an old git is refused by a code, before anything is done", async () => {
  const bin = join(world.folder, "bin");
  await mkdir(bin);
  const git = (await world.run("--exec-path")).trim();
  const text = `#!/bin/sh\ncase "$*" in *" version") echo "git version 2.30.2";; *) exec '${git}/git' "$@";; esac\n`;
  await writeFile(join(bin, "git"), text, { mode: 0o755 });
  const work = await world.work("1", { "x.txt": "x\n" });
  const environment = { ...world.environment, PATH: `${bin}:${world.environment.PATH}` };
  const { results } = createGitAdapter({ worktreesFolder: world.worktreesFolder, environment });
  expect(await world.code(results.merge({ taskId: taskId("1"), place: work, title: "Do" }))).toBe("GIT_TOO_OLD");
  expect(existsSync(join(world.root, "x.txt"))).toBe(false);
});
