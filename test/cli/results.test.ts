import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OctoError } from "../../bridge/octo-error";
import { sampleTask, taskId } from "../fakes/samples";
import type { TempFolder } from "../helpers/temp-folder";
import { builtOcto, type Octo, octo } from "./octo";

let built: TempFolder;
beforeAll(async () => {
  built = await builtOcto();
});
afterAll(() => built[Symbol.asyncDispose]());

const place = { repository: "/repo", branch: "octo/tsk_1-fix" };
const [before, after] = ["a".repeat(40), "b".repeat(40)];

function withTasks(program: Octo): void {
  for (const id of ["1", "2"]) program.service.setTask(sampleTask({ id: taskId(id), state: "succeeded", endedAtEpochMs: 1 }));
}

test("merge does all that can be merged, tells which could not, and ends with the code of the first failure", async () => {
  await using program = await octo(built);
  withTasks(program);
  program.service.script({
    async merge_task({ taskId: id }) {
      if (id === taskId("1")) throw new OctoError("MERGE_CONFLICT", "both sides changed a.txt");
      const merge = {
        ...place,
        taskId: id,
        tip: after,
        into: "main\u001b[31m",
        how: "ff",
        before,
        after,
        files: ["a"],
        notices: ["look"],
      } as const;
      return { merge };
    },
  });
  const said = await program.run(["merge", taskId("1"), taskId("2"), "--ff", "--into", "main"]);
  expect(said).toMatchObject({ code: 1, stdout: expect.stringContaining("fast-forward aaaaaaaaaa..bbbbbbbbbb\n1 file\nlook\n") });
  expect(said.stderr).toContain("both sides changed a.txt (MERGE_CONFLICT)");
  expect(said.stdout).not.toContain("\u001b");
  expect(program.service.received.filter(({ method }) => method === "merge_task").map(({ params }) => params)).toEqual([
    { taskId: taskId("1"), mode: "ff", into: "main" },
    { taskId: taskId("2"), mode: "ff", into: "main" },
  ]);
  const json = await program.run(["merge", taskId("1"), taskId("2"), "--json"]);
  expect(JSON.parse(json.stdout)).toMatchObject({
    merges: [{ how: "ff" }],
    errors: [{ given: taskId("1"), error: { code: "MERGE_CONFLICT" } }],
  });
});

test("two ways to merge at once are refused, and so is a task that there is not, before anything is done", async () => {
  await using program = await octo(built);
  withTasks(program);
  expect((await program.run(["merge", taskId("1"), "--ff", "--merge"])).code).toBe(2);
  expect((await program.run(["merge", taskId("1"), "--squash", "--ff"])).code).toBe(2);
  expect((await program.run(["drop", taskId("1"), "tsk_none"])).code).toBe(1);
  expect(program.service.received.map(({ method }) => method)).not.toContain("drop_task");
});

test("drop without a terminal asks nobody", async () => {
  await using program = await octo(built);
  withTasks(program);
  program.service.script({
    async drop_task({ taskId: id, force }) {
      if (!force) throw new OctoError("BRANCH_NOT_MERGED", "it holds work");
      return { drop: { ...place, taskId: id, commit: after, already: false } };
    },
  });
  expect(await program.run(["drop", taskId("1")])).toMatchObject({ code: 1, stderr: expect.stringContaining("BRANCH_NOT_MERGED") });
  expect((await program.run(["drop", taskId("1"), "--force"])).stdout).toContain(`git branch ${place.branch} ${after}`);
});

test("open --pane starts a tab of WezTerm in the folder", async () => {
  await using program = await octo(built);
  withTasks(program);
  const bin = join(program.home, "bin");
  await mkdir(bin);
  const trace = join(program.home, "trace");
  await writeFile(join(bin, "wezterm"), `#!/bin/sh\nprintf '%s\\n' "$@" > '${trace}'\n`, { mode: 0o755 });
  program.service.script({ open_task: async ({ taskId: id }) => ({ open: { taskId: id, path: program.home, live: false } }) });
  const environment = { PATH: `${bin}:${process.env.PATH}`, WEZTERM_PANE: "1" };
  expect(await program.run(["open", taskId("1"), "--pane"], { environment })).toMatchObject({ code: 0 });
  expect(await readFile(trace, "utf8")).toBe(`cli\nspawn\n--cwd\n${program.home}\n`);
  expect(await program.run(["open", taskId("1"), "--pane"])).toMatchObject({ stderr: expect.stringContaining("PANE_UNSUITABLE") });
});

test("gc says what went and what stays, and why", async () => {
  await using program = await octo(built);
  const removed = [{ kind: "branch", name: place.branch, commit: after, reason: "merged, in main" } as const];
  const kept = [{ kind: "saved", name: "/pool/saved/one", reason: "look at it yourself" } as const];
  program.service.script({ gc: async () => ({ removed, kept }) });
  const { stdout } = await program.run(["gc", "--older-than", "2d", "--dry-run"]);
  expect(stdout).toMatch(
    /^would go {2}branch {4}octo\/tsk_1-fix at b{10} {2}\(merged, in main\)\nkept .*one {2}\(look at it yourself\)\n$/,
  );
  expect(program.service.received[0]?.params).toEqual({ olderThanMs: 2 * 86_400_000, dryRun: true });
});

test("open says of a task that there is not that it is unknown, also without an editor", async () => {
  await using program = await octo(built);
  withTasks(program);
  for (const args of [
    ["open", "tsk_none"],
    ["open", "tsk_none", "--pane"],
  ]) {
    expect(await program.run(args)).toMatchObject({ code: 1, stderr: expect.stringContaining("TASK_UNKNOWN") });
  }
  expect(await program.run(["open", taskId("1")])).toMatchObject({ code: 1, stderr: expect.stringContaining("EDITOR_MISSING") });
  expect(program.service.received.map(({ method }) => method)).not.toContain("open_task");
});
