import { rm } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect } from "vitest";
import { OctoError } from "../../../bridge/octo-error";
import { type MergeMode, mergeModes } from "../../../shared/result";
import type { BranchResult } from "../../../shared/task";
import { type ResultsWorld, resultsWorld } from "./results-world";
import { taskId } from "./test-repository";
import { differences, mayChange, wholeRepository } from "./whole-repository";

const files = ["a.txt", "b/c.txt", "new.txt", "b", "sp ace\n.txt", "kept.env"] as const;
const branches = ["main", "b0", "b1"] as const;

export type Step =
  /** Of the user; git may refuse it. */
  | { readonly user: "commit" | "dirty" | "stage" | "remove"; readonly file: string; readonly text: string }
  | { readonly user: "branch" | "switch" | "worktree" | "remove-worktree" | "begin-merge"; readonly branch: string }
  | { readonly user: "detach" | "orphan" | "stash" | "tag" | "pack" }
  /** Of octo. */
  | { readonly octo: "work"; readonly task: number; readonly file: string; readonly text: string | null }
  | { readonly octo: "merge"; readonly task: number; readonly mode: MergeMode | undefined; readonly into: string | undefined }
  | { readonly octo: "drop"; readonly task: number; readonly force: boolean }
  | { readonly octo: "open" | "capture"; readonly task: number }
  | { readonly octo: "collect" };

const file = fc.constantFrom(...files);
const text = fc.constantFrom("1\n", "2\n", "one\ntwo\nthree\n4\n");
const branch = fc.constantFrom(...branches);
const task = fc.nat(2);

const userStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ user: fc.constantFrom("commit", "dirty", "stage", "remove"), file, text }),
  fc.record({ user: fc.constantFrom("branch", "switch", "worktree", "remove-worktree", "begin-merge"), branch }),
  fc.record({ user: fc.constantFrom("detach", "orphan", "stash", "tag", "pack") }),
);
const octoStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ octo: fc.constant("work"), task, file, text: fc.option(text) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      octo: fc.constant("merge"),
      task,
      mode: fc.option(fc.constantFrom(...mergeModes), { nil: undefined }),
      into: fc.option(branch, { nil: undefined }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ octo: fc.constant("drop"), task, force: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ octo: fc.constantFrom("open", "capture"), task }) },
  { weight: 1, arbitrary: fc.record({ octo: fc.constant("collect") }) },
);

/** Both sides change a file: chance alone brings it in one life of hundreds. */
const rivals: fc.Arbitrary<readonly Step[]> = fc.constant([
  { user: "commit", file: "a.txt", text: "of the user\n" },
  { octo: "merge", task: 0, mode: undefined, into: undefined },
]);

/** A life of a repository: the user and octo in turn, and a first task's work to begin with. */
export const steps: fc.Arbitrary<readonly Step[]> = fc
  .array(
    fc.oneof(
      { weight: 15, arbitrary: fc.oneof(userStep, octoStep).map((step): readonly Step[] => [step]) },
      { weight: 1, arbitrary: rivals },
    ),
    { minLength: 4, maxLength: 14 },
  )
  .map((rest) => [{ octo: "work", task: 0, file: "a.txt", text: "of the task\n" }, ...rest.flat()]);

/** What octo did to how many, so that a run which only refused everything can be told. */
export type Tally = Map<string, number>;

/** Goes through the steps; whatever octo does, the user's things must be the same after it, but for what the merge named. */
export async function walk(all: readonly Step[], tally: Tally): Promise<void> {
  await using world = await resultsWorld();
  const works: BranchResult[] = [];
  const worktrees = branches.map((name) => join(world.folder, `tree-${name}`));
  for (const step of all) {
    if ("user" in step) {
      await userDoes(world, step).catch((thrown: unknown) => {
        if (!(thrown instanceof Error) || !("exitCode" in thrown || "code" in thrown)) throw thrown;
      });
      continue;
    }
    const before = await wholeRepository(world.root, worktrees);
    let may: (path: string) => boolean = () => false;
    try {
      may = await octoDoes(world, works, step);
      tally.set(step.octo, (tally.get(step.octo) ?? 0) + 1);
    } catch (thrown) {
      if (!(thrown instanceof OctoError) || thrown.code === "INTERNAL") throw thrown;
      tally.set(thrown.code, (tally.get(thrown.code) ?? 0) + 1);
    }
    const changed = differences(before, await wholeRepository(world.root, worktrees));
    expect(
      changed.filter((path) => !may(path)),
      JSON.stringify(step),
    ).toEqual([]);
  }
}

async function userDoes(world: ResultsWorld, step: Extract<Step, { user: unknown }>): Promise<void> {
  const { run, write, folder } = world;
  if ("file" in step) {
    if (step.user === "remove") return await rm(join(world.root, step.file), { recursive: true });
    await write({ [step.file]: step.text });
    if (step.user === "stage") await run("add", "--force", "--", step.file);
    if (step.user === "commit") await world.commit({});
    return;
  }
  if ("branch" in step) {
    const tree = join(folder, `tree-${step.branch}`);
    if (step.user === "branch") await run("branch", step.branch);
    if (step.user === "switch") await run("switch", "--quiet", step.branch);
    if (step.user === "worktree") await run("worktree", "add", "--quiet", tree, step.branch);
    if (step.user === "remove-worktree") await rm(tree, { recursive: true, force: true });
    if (step.user === "begin-merge") await run("merge", "--no-ff", "--no-commit", step.branch);
    return;
  }
  if (step.user === "detach") await run("checkout", "--quiet", "--detach");
  if (step.user === "orphan") await run("checkout", "--quiet", "--orphan", "nothing");
  if (step.user === "stash") await run("stash", "push", "--quiet", "--include-untracked");
  if (step.user === "tag") await run("tag", "--force", "tagged");
  if (step.user === "pack") await run("pack-refs", "--all");
}

/** Gives what it may have changed. */
async function octoDoes(world: ResultsWorld, works: BranchResult[], step: Extract<Step, { octo: unknown }>) {
  const nothing = (): boolean => false;
  if (step.octo === "collect") {
    await world.results.collect({
      repositories: [world.root],
      endedWork: (name) => {
        const result = works.find((work) => work?.branch === name);
        return result && { taskId: taskId("0"), endedAtEpochMs: 0, result };
      },
      ...{ liveTasks: new Set<string>(), liveBranches: new Set<string>(), liveInstances: new Set<string>() },
      ...{ endedBeforeEpochMs: Number.MAX_SAFE_INTEGER, dryRun: false },
    });
    return nothing;
  }
  const id = taskId(String(step.task));
  if (step.octo === "capture") {
    await world.workspaces.captureChanges(world.root, id);
    return nothing;
  }
  if (step.octo === "work") {
    works[step.task] = await world.work(String(step.task), { [step.file]: step.text });
    return nothing;
  }
  const work = works[step.task];
  if (!work) return nothing;
  if (step.octo === "open") await world.results.open({ taskId: id, place: work });
  if (step.octo === "drop") await world.results.drop({ taskId: id, result: work, force: step.force });
  if (step.octo !== "merge") return nothing;
  const merged = await world.merge(work, { mode: step.mode, into: step.into });
  works[step.task] = { ...work, commit: merged.tip, merged: { into: merged.into, commit: merged.after } };
  expect(await world.run("rev-parse", `refs/heads/${merged.into}`)).toBe(merged.after);
  if (merged.checkout !== undefined && merged.how !== "none") {
    const left = ["status", "--porcelain", "--untracked-files=no"];
    expect(await world.git(merged.checkout, "--no-optional-locks", ...left)).toBe("");
  }
  return mayChange(world.root, merged);
}
