import { existsSync } from "node:fs";
import { appendFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { BranchResult } from "../../../shared/task";
import { type ResultsWorld, resultsWorld } from "./results-world";

let world: ResultsWorld;
beforeEach(async () => {
  world = await resultsWorld();
});
// Also promised by every test: no hook of the user's ran.
afterEach(async () => {
  expect(existsSync(join(world.root, ".git", "hook-ran"))).toBe(false);
  await world[Symbol.asyncDispose]();
});

const clean = async (): Promise<void> => expect(await world.run("status", "--porcelain")).toBe("");

describe("merge", () => {
  test("fast-forwards the branch that is checked out, with its files, and leaves the tree clean", async () => {
    const work = await world.work("1", { "a.txt": "one\n2\nthree\n", "new/file.txt": "new\n", "b/c.txt": null });
    const merged = await world.merge(work);
    expect(merged).toMatchObject({ how: "ff", into: "main", after: work.commit, tip: work.commit, checkout: world.root });
    expect([...merged.files].sort()).toEqual(["a.txt", "b/c.txt", "new/file.txt"]);
    expect(await world.run("rev-parse", "HEAD", "main")).toBe(`${work.commit}\n${work.commit}`);
    expect(await readFile(join(world.root, "new/file.txt"), "utf8")).toBe("new\n");
    expect(existsSync(join(world.root, "b"))).toBe(false);
    await clean();
    expect(await world.run("reflog", "-1", "--format=%gs", "HEAD")).toContain("octo merge");
  });

  test("makes a commit of the user's with two parents where both sides went on", async () => {
    const work = await world.work("1", { "a.txt": "one\n2\nthree\n" });
    const before = await world.commit({ "b/c.txt": "changed\n" });
    const merged = await world.merge(work);
    expect(merged).toMatchObject({ how: "merge", before, files: ["a.txt"] });
    expect(await world.run("log", "-1", "--format=%P|%an|%cn|%s", "main")).toBe(
      `${before} ${work.commit}|Ada|Ada|Merge branch '${work.branch}'`,
    );
    expect(await readFile(join(world.root, "a.txt"), "utf8")).toBe("one\n2\nthree\n");
    await clean();
  });

  test.for([
    ["merge", 2],
    ["squash", 1],
  ] as const)("by --%s makes a commit with %i parents also where a fast-forward would do", async ([mode, parents]) => {
    const work = await world.work("1", { "x.txt": "x\n" });
    const merged = await world.merge(work, { mode, message: "My words" });
    expect(merged.how).toBe(mode);
    expect((await world.run("log", "-1", "--format=%P", "main")).split(" ")).toHaveLength(parents);
    expect(await world.run("log", "-1", "--format=%B", "main")).toBe("My words\n");
    await clean();
  });

  test("by --ff is refused when the branch has commits of its own", async () => {
    const work = await world.work("1", { "x.txt": "x\n" });
    const before = await world.commit({ "y.txt": "y\n" });
    expect(await world.code(world.merge(work, { mode: "ff" }))).toBe("MERGE_NOT_FAST_FORWARD");
    expect(await world.run("rev-parse", "main")).toBe(before);
  });

  test("does nothing the second time, whatever the mode", async () => {
    const work = await world.work("1", { "x.txt": "x\n" });
    await world.commit({ "y.txt": "y\n" });
    await world.merge(work, { mode: "squash" });
    const after = await world.run("rev-parse", "main");
    expect((await world.merge(work, { mode: "squash" })).how).toBe("none");
    await world.merge(work, { mode: "merge" });
    for (const mode of ["ff", "merge", "squash", undefined] as const) expect((await world.merge(work, { mode })).how).toBe("none");
    expect(await world.run("rev-list", "--count", `${after}..main`)).toBe("2");
  });

  test("is refused on conflict with the files named", async () => {
    const work = await world.work("1", { "a.txt": "mine\n", "both.txt": "task\n", "fine.txt": "fine\n" });
    await world.commit({ "a.txt": "yours\n", "both.txt": "user\n" });
    await expect(world.merge(work)).rejects.toMatchObject({ code: "MERGE_CONFLICT", message: "both sides changed a.txt, both.txt" });
  });

  test("moves only the ref of a branch that is checked out nowhere", async () => {
    const work = await world.work("1", { "x.txt": "x\n" });
    await world.run("branch", "other");
    await world.write({ "a.txt": "the user is at work\n" });
    const merged = await world.merge(work, { into: "other" });
    expect(merged.checkout).toBeUndefined();
    expect(await world.run("rev-parse", "other", "main")).toBe(`${work.commit}\n${work.base}`);
    expect(await readFile(join(world.root, "a.txt"), "utf8")).toBe("the user is at work\n");
  });

  test("updates the checkout of its branch wherever it is", async () => {
    const work = await world.work("1", { "x.txt": "x\n" });
    const elsewhere = join(world.folder, "else where\n");
    await world.run("worktree", "add", "--quiet", "-b", "other", elsewhere);
    await world.write({ "a.txt": "the user is at work\n" });
    expect((await world.merge(work, { into: "other" })).checkout).toBe(elsewhere);
    expect(await readFile(join(elsewhere, "x.txt"), "utf8")).toBe("x\n");
    expect(await world.git(elsewhere, "status", "--porcelain")).toBe("");
  });
});

describe("merge is refused, with nothing changed,", () => {
  const inTheWay: Readonly<Record<string, (work: BranchResult) => Promise<void>>> = {
    "MERGE_TARGET_DIRTY: a changed file": () => world.write({ "a.txt": "changed\n" }),
    "MERGE_TARGET_DIRTY: a staged file": async () => {
      await world.write({ "staged.txt": "staged\n" });
      await world.run("add", "staged.txt");
    },
    "MERGE_TARGET_DIRTY: an untracked file in the place of a new one": () => world.write({ "new/file.txt": "the user's\n" }),
    "MERGE_TARGET_DIRTY: an ignored file in the place of a new one": () => world.write({ "x.env": "secret\n" }),
    "MERGE_TARGET_DIRTY: a file in the place of a new folder": () => world.write({ new: "a file\n" }),
    "MERGE_TARGET_DIRTY: a folder in the place of a new file": () => world.write({ "x.env/secret": "secret\n" }),
    "MERGE_TARGET_BUSY: a merge under way": async () => {
      await writeFile(join(world.root, ".git", "MERGE_HEAD"), `${await world.run("rev-parse", "HEAD")}\n`);
    },
    "MERGE_TARGET_BUSY: a rebase of the branch": async () => {
      await world.run("checkout", "--quiet", "--detach");
      await mkdir(join(world.root, ".git", "rebase-merge"));
      await writeFile(join(world.root, ".git", "rebase-merge", "head-name"), "refs/heads/main\n");
    },
    "MERGE_NO_TARGET: a detached HEAD": async () => void (await world.run("checkout", "--quiet", "--detach")),
    "MERGE_NO_TARGET: the task's own branch": async (work) => void (await world.run("checkout", "--quiet", work.branch)),
    "BRANCH_UNKNOWN: a branch without a commit": async () => void (await world.run("checkout", "--quiet", "--orphan", "empty")),
    "BRANCH_UNKNOWN: a deleted branch": async (work) => void (await world.run("branch", "-D", work.branch)),
    "DIRECTORY_MISSING: a repository that was removed": () => rm(world.root, { recursive: true }),
    "REPOSITORY_UNSUPPORTED: no repository any more": () => rm(join(world.root, ".git"), { recursive: true }),
    "IDENTITY_MISSING: nobody": () => writeFile(world.environment.GIT_CONFIG_GLOBAL ?? "", "[user]\nuseConfigOnly = true\n"),
    "COMMIT_NOT_SIGNED: a key that is not there": () =>
      appendFile(world.environment.GIT_CONFIG_GLOBAL ?? "", "[commit]\ngpgSign = true\n[gpg]\nprogram = /bin/false\n"),
  };
  test.for(Object.entries(inTheWay))("for %s", async ([name, prepare]) => {
    const work = await world.work("1", { "new/file.txt": "new\n", "x.env": "of the task\n", "a.txt": "2\n", ".gitignore": "" });
    await prepare(work);
    const before = await snapshot();
    const into = name.endsWith("rebase of the branch") ? "main" : undefined;
    expect(await world.code(world.merge(work, { mode: "merge", into }))).toBe(name.slice(0, name.indexOf(":")));
    expect(await snapshot()).toEqual(before);
  });

  test("for MERGE_TARGET_MISSING: the working tree of the branch was removed by hand", async () => {
    const work = await world.work("1", { "x.txt": "x\n" });
    const elsewhere = join(world.folder, "elsewhere");
    await world.run("worktree", "add", "--quiet", "-b", "other", elsewhere);
    await rm(elsewhere, { recursive: true });
    expect(await world.code(world.merge(work, { into: "other" }))).toBe("MERGE_TARGET_MISSING");
    expect(await world.run("rev-parse", "other")).toBe(work.base);
  });
});

async function snapshot(): Promise<unknown> {
  if (!existsSync(join(world.root, ".git"))) return "gone";
  return {
    refs: await world.run("for-each-ref"),
    head: await readFile(join(world.root, ".git", "HEAD"), "utf8"),
    status: await world.run("--no-optional-locks", "status", "--porcelain", "--ignored", "--untracked-files=all"),
    diff: await world.run("diff"),
  };
}
