import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { GcReport, MergeResult } from "../../shared/result";
import { builtOcto } from "../cli/octo";
import type { OctoWorld } from "../helpers/octo-world";
import type { TempFolder } from "../helpers/temp-folder";
import { ended, submit, taskOf } from "./tasks";

interface Said {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** What becomes of branches, from the command line. On any OpenCode, in a world of its own. */
export function resultsPromises(worldOf: () => OctoWorld, timeoutMs: number): void {
  let built: TempFolder;
  beforeAll(async () => {
    built = await builtOcto();
  });
  afterAll(() => built[Symbol.asyncDispose]());

  const octo = async (args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Said> => {
    const world = worldOf();
    const env = { ...world.environment, ...environment };
    const options = { env, extendEnv: false, cwd: world.home, reject: false, timeout: timeoutMs };
    const { exitCode, stdout, stderr } = await execa(process.execPath, [`${built.path}/dist/octo.js`, ...args], options);
    return { code: exitCode, stdout, stderr };
  };

  test("two tasks that changed one line: the first is merged, the second refused with the file named, dropped and collected", {
    timeout: timeoutMs,
  }, async () => {
    const world = worldOf();
    const [one, two] = [await submit(world, "[[ensure:a.txt|two]] [[say:one]]"), await submit(world, "[[ensure:a.txt|three]] [[say:two]]")];
    const [first, second] = [await ended(world, one), await ended(world, two)];

    const merged = await octo(["merge", first.id]);
    expect(merged, merged.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining("fast-forward") });
    expect(await readFile(join(world.repository, "a.txt"), "utf8")).toBe("one\ntwo\n");
    expect(await world.git("status", "--porcelain")).toBe("");
    expect((await taskOf(world, first.id)).branch?.merged).toEqual({ into: "main", commit: first.branch?.commit });

    const head = await world.git("rev-parse", "HEAD");
    const conflict = await octo(["merge", second.id, "--merge"]);
    expect(conflict).toMatchObject({ code: 1, stderr: expect.stringContaining("both sides changed a.txt") });
    expect(await world.git("rev-parse", "HEAD")).toBe(head);
    expect(await world.git("status", "--porcelain")).toBe("");

    expect(await octo(["drop", second.id])).toMatchObject({ code: 1, stderr: expect.stringContaining("BRANCH_NOT_MERGED") });
    const dropped = await octo(["drop", second.id, "--force"]);
    expect(dropped).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`git branch ${second.branch?.branch} ${second.branch?.commit}`),
    });

    const { removed }: GcReport = JSON.parse((await octo(["gc", "--older-than", "0s", "--json"])).stdout);
    expect(removed.map(({ name }) => name)).toEqual([first.branch?.branch]);
    expect(await world.git("branch", "--format=%(refname:short)")).toBe("main");
    // What they changed can be seen as long as git has it.
    expect((await octo(["diff", first.id])).stdout).toContain("+two");
    await world.startBridge();
    expect((await taskOf(world, first.id)).branch).toMatchObject({ dropped: true, merged: { into: "main" } });
  });

  test("open gives the editor a worktree of the branch; what is committed there is merged with it", { timeout: timeoutMs }, async () => {
    const world = worldOf();
    const { id, branch } = await ended(world, await submit(world, "[[write:new.txt|new]] [[say:done]]"));
    const editor = join(world.folder, "an editor.sh");
    await writeFile(editor, 'cd "$2" && echo by hand > hand.txt && git add hand.txt && git commit --quiet --message="$1"\n');
    const opened = await octo(["open", id], { EDITOR: `sh '${editor}' words` });
    expect(opened, opened.stderr).toMatchObject({ code: 0 });
    const path = (await octo(["open", id, "--print"])).stdout;
    expect(await readFile(join(path, "hand.txt"), "utf8")).toBe("by hand\n");
    expect(await octo(["open", id])).toMatchObject({ code: 1, stderr: expect.stringContaining("EDITOR_MISSING") });
    await world.git("branch", "other");
    const { stdout } = await octo(["merge", id, "--squash", "--into", "other", "-m", "All of it", "--json"]);
    const merges: { readonly merges: readonly MergeResult[] } = JSON.parse(stdout);
    expect(merges).toMatchObject({ merges: [{ how: "squash", files: ["hand.txt", "new.txt"] }] });
    expect(await world.git("log", "-1", "--format=%an|%s", "other")).toBe("Ada|All of it");
    expect(await world.git("show", `${branch?.branch}:hand.txt`)).toBe("by hand");
    // The squash holds all of it: no force is needed.
    await world.client.call("drop_task", { taskId: id });
    expect(await world.git("branch", "--list", "octo/*")).toBe("");
  });
}
