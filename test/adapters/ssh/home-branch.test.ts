import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { gitSettings } from "../../../bridge/adapters/git/git-environment";
import { takeHome } from "../../../bridge/adapters/ssh/home-branch";
import { createHomeGit } from "../../../bridge/adapters/ssh/home-git";
import { type ResultsWorld, resultsWorld } from "../git/results-world";

let world: ResultsWorld;
beforeEach(async () => {
  world = await resultsWorld();
});
afterEach(() => world[Symbol.asyncDispose]());

const commitOn = (parent: string, subject: string) => world.run("commit-tree", "-p", parent, "-m", subject, `${parent}^{tree}`);

test("a commit from a host is kept beside a branch that went elsewhere, once, and over nothing of that name", async () => {
  const git = createHomeGit({ environment: world.environment, settings: gitSettings });
  const main = await world.run("rev-parse", "main");
  const [here, there] = [await commitOn(main, "here"), await commitOn(main, "there")];
  await world.run("branch", "octo/tsk_1-x", here);
  const saved = `octo/tsk_1-x-saved-${there.slice(0, 8)}`;
  await takeHome(git, world.root, "octo/tsk_1-x", there);
  await takeHome(git, world.root, "octo/tsk_1-x", there);
  expect(await world.run("rev-parse", "octo/tsk_1-x", saved)).toBe(`${here}\n${there}`);

  await world.run("branch", "--force", saved, here);
  await takeHome(git, world.root, "octo/tsk_1-x", there);
  await takeHome(git, world.root, "octo/tsk_1-x", there);
  expect(await world.run("rev-parse", saved, `${saved}-${there}`)).toBe(`${here}\n${there}`);
});

test("a branch from a host is on the disk before the host forgets it: a power cut would lose both", async () => {
  const trace = join(world.root, ".git", "trace");
  const git = createHomeGit({ environment: { ...world.environment, GIT_TRACE2_EVENT: trace }, settings: gitSettings });
  const main = await world.run("rev-parse", "main");
  for (const subject of ["first", "second"]) await takeHome(git, world.root, "octo/tsk_1-x", await commitOn(main, subject));
  const lines = (await readFile(trace, "utf8")).split("\n");
  const updates = lines.filter((line) => line.includes('"event":"start"') && line.includes('"update-ref"'));
  // Git's own count (trace2), one a process.
  expect(lines.filter((line) => line.includes('"fsync/hardware-flush"'))).toHaveLength(updates.length);
  expect(updates).toHaveLength(2);
});
