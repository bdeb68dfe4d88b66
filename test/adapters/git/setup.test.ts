import { existsSync } from "node:fs";
import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { WorkspaceSetup } from "../../../bridge/ports/workspaces";
import { expectNoProcessesWith } from "../../helpers/census";
import { type ResultsWorld, resultsWorld } from "./results-world";
import { instanceId, taskId } from "./test-repository";

let world: ResultsWorld;
beforeEach(async () => {
  world = await resultsWorld();
});
afterEach(() => world[Symbol.asyncDispose]());

const nothing: WorkspaceSetup = { timeoutMs: 20_000, copyFiles: [] };
const sh = (text: string): readonly [string, ...string[]] => ["/bin/sh", "-c", text];

async function prepare(id: string, setup: Partial<WorkspaceSetup>) {
  const branch = `octo/${taskId(id)}-work`;
  const base = await world.run("rev-parse", "HEAD");
  const request = { taskId: taskId(id), instanceId: instanceId("a"), slot: 0, repository: world.root, prefix: "", branch, base };
  const workspace = await world.workspaces.prepare({ ...request, setup: { ...nothing, ...setup } });
  const end = () => world.workspaces.finish({ taskId: taskId(id), attempt: 1, workspace, subject: "work" });
  return { directory: workspace.directory, end };
}

describe("setup", () => {
  test("runs once a worktree, and again when its command changes", async () => {
    const counting = (words: string) => sh(`echo "$OCTO_TASK ${words}" >> ignored.env`);
    const runs = async (directory: string) => (await readFile(join(directory, "ignored.env"), "utf8")).split("\n").slice(0, -1);
    const one = await prepare("1", { command: counting("first") });
    await one.end();
    const two = await prepare("2", { command: counting("first") });
    expect(await runs(two.directory)).toEqual([`${taskId("1")} first`]);
    await two.end();
    const three = await prepare("3", { command: counting("second") });
    expect(await runs(three.directory)).toEqual([`${taskId("1")} first`, `${taskId("3")} second`]);
  });

  test("knows the user's repository, and runs in the root of the worktree", async () => {
    const { directory } = await prepare("1", { command: sh('printf "%s\\n" "$PWD" "$OCTO_WORKTREE" "$OCTO_REPOSITORY" > x.env') });
    expect((await readFile(join(directory, "x.env"), "utf8")).split("\n")).toEqual([directory, directory, world.root, ""]);
  });

  test("that fails refuses the task with its last lines, and runs again for the next", async () => {
    const command = sh("seq 1 100; echo 'no such\u001b[31m package' >&2; test -e mended.env");
    const failed = prepare("1", { command });
    await expect(failed).rejects.toMatchObject({
      code: "WORKSPACE_SETUP_FAILED",
      message: expect.stringMatching(/ended with exit code 1.*100\nno such/s),
    });
    await expect(failed).rejects.not.toMatchObject({ message: expect.stringContaining("\u001b") });
    await expect(failed).rejects.not.toMatchObject({ message: expect.stringContaining("\n42\n") });
    await world.write({ "mended.env": "" });
    await expect(prepare("1", { command, copyFiles: ["mended.env"] })).resolves.toBeDefined();
  });

  test("that does not end is ended at its deadline, with all that it started", async () => {
    const command = sh("sleep 300 & trap '' TERM; sleep 300");
    const started = Date.now();
    await expect(prepare("1", { command, timeoutMs: 500 })).rejects.toMatchObject({
      message: expect.stringContaining("longer than 500 ms"),
    });
    expect(Date.now() - started).toBeLessThan(15_000);
    await expectNoProcessesWith("OCTO_REPOSITORY", world.root);
  });

  test("leaves no process behind when it succeeds", async () => {
    await prepare("1", { command: sh("sleep 300 & exit 0") });
    await expectNoProcessesWith("OCTO_REPOSITORY", world.root);
  });

  test("whose program is missing says so", async () => {
    await expect(prepare("1", { command: ["no-such-program"] })).rejects.toMatchObject({ message: expect.stringContaining("ENOENT") });
  });
});

describe("copied files", () => {
  test("are there before the command runs, the user's latest each time, and commit nothing", async () => {
    await world.write({ ".env": "one\n", "sub/deep.env": "deep\n" });
    const copyFiles = [".env", "sub/deep.env", "missing.env"];
    const one = await prepare("1", { command: sh("cp .env seen.env"), copyFiles });
    expect(await readFile(join(one.directory, "seen.env"), "utf8")).toBe("one\n");
    await writeFile(join(one.directory, ".env"), "spoiled by the agent\n");
    expect((await one.end())?.files).toEqual([]);
    await world.write({ ".env": "two\n" });
    const two = await prepare("2", { command: sh("cp .env seen.env"), copyFiles });
    // The command ran again: a copied file has changed.
    expect(await readFile(join(two.directory, "seen.env"), "utf8")).toBe("two\n");
    expect(await readFile(join(two.directory, "sub/deep.env"), "utf8")).toBe("deep\n");
  });

  test("never take the place of a tracked file, and one that is not ignored is refused", async () => {
    await world.write({ "a.txt": "the user's changes\n", "new.txt": "not ignored\n" });
    const { directory, end } = await prepare("1", { copyFiles: ["a.txt"] });
    expect(await readFile(join(directory, "a.txt"), "utf8")).toBe("one\ntwo\nthree\n");
    await end();
    expect(await world.code(prepare("2", { copyFiles: ["new.txt"] }))).toBe("WORKSPACE_SETUP_FAILED");
  });

  test("stay inside both trees, whatever links are there", async () => {
    const outside = join(world.folder, "outside");
    await mkdir(outside);
    await writeFile(join(outside, "secret.env"), "secret\n");
    await symlink(join(outside, "secret.env"), join(world.root, "link.env"));
    expect(await world.code(prepare("1", { copyFiles: ["link.env"] }))).toBe("WORKSPACE_SETUP_FAILED");
    await rm(join(world.root, "link.env"));
    await world.write({ ".env": "the user's\n", "ignored/x.env": "x\n" });
    const { directory, end } = await prepare("2", {});
    await symlink(join(outside, "secret.env"), join(directory, ".env"));
    await symlink(outside, join(directory, "ignored"));
    await end();
    expect(await world.code(prepare("3", { copyFiles: [".env"] }))).toBe("done");
    expect(await readFile(join(outside, "secret.env"), "utf8")).toBe("secret\n");
    await symlink(outside, join(directory, "ignored")).catch(() => undefined);
    expect(await world.code(prepare("3", { copyFiles: ["ignored/x.env"] }))).toBe("WORKSPACE_SETUP_FAILED");
    expect(existsSync(join(outside, "x.env"))).toBe(false);
  });
});

test("teardown runs before a worktree is removed", async () => {
  const trace = join(world.folder, "trace");
  const { end } = await prepare("1", { teardown: sh(`test -e a.txt && pwd > '${trace}'`) });
  await end();
  expect(await world.workspaces.removePool(instanceId("a"))).toEqual([]);
  expect(await readFile(trace, "utf8")).toContain("ins_a-0");
});
