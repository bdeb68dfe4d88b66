import { OctoError } from "../../bridge/octo-error";
import type { Results } from "../../bridge/ports/results";
import type { Workspaces } from "../../bridge/ports/workspaces";
import type { BridgeLife } from "./bridge-life";
import type { World } from "./world";

/** Git as one bridge uses it; works for anybody, and watches that nobody else is at work where it works. */
export function simulatedWorkspaces(world: World, life: BridgeLife): Workspaces {
  const { chance, truth } = world;
  const work = <Result>(what: string, perform: () => Result): Promise<Result> =>
    life.work(what, chance.happens(world.faults.slow) ? chance.span(1_000, 60_000) : chance.span(5, 300), () => {
      if (chance.happens(world.faults.gitFails))
        throw new OctoError(chance.pick(["GIT_TIMEOUT", "WORKTREE_FAILED"] as const) ?? "GIT_TIMEOUT", "as the seed wants it");
      return perform();
    });
  return {
    inspect: () =>
      life.work("inspecting the folder", 5, () => ({ kind: "repository", root: "/repo", prefix: "", head: "c0", dirtyFiles: 0 })),
    captureChanges: () => life.work("capturing changes", 5, () => "c1"),
    prepare: ({ instanceId, slot, repository, branch, base }) =>
      work("preparing the worktree", () => {
        const directory = `/pool/${instanceId}/${slot}`;
        truth.touches("a worktree is prepared", directory);
        return { directory, branch: { repository, worktree: directory, name: branch, base } };
      }),
    finish: ({ workspace: { directory, branch } }) =>
      work("committing the work", () => {
        truth.touches("work is committed", directory);
        return branch && { repository: branch.repository, branch: branch.name, base: branch.base, commit: "c2", files: ["a.ts"] };
      }),
    diff: () => Promise.resolve({ text: "", truncated: false }),
    release: () => Promise.resolve(),
    removePool: () => Promise.resolve([]),
  };
}

/** Nobody merges in the simulation; the daily collection finds nothing. */
export const simulatedResults: Results = {
  merge: () => Promise.reject(new OctoError("METHOD_NOT_YET", "no merges here")),
  drop: () => Promise.reject(new OctoError("METHOD_NOT_YET", "no drops here")),
  open: () => Promise.reject(new OctoError("METHOD_NOT_YET", "nothing is opened here")),
  collect: () => Promise.resolve({ removed: [], kept: [] }),
};
