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
