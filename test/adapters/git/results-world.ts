import { chmod, mkdir, mkdtemp, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { createGitAdapter } from "../../../bridge/adapters/git/create-workspaces";
import { OctoError } from "../../../bridge/octo-error";
import type { MergeRequest, Results } from "../../../bridge/ports/results";
import type { Workspaces } from "../../../bridge/ports/workspaces";
import type { MergeResult } from "../../../shared/result";
import type { BranchResult } from "../../../shared/task";
import { gitEnvironmentIn, instanceId, taskId, writeFiles } from "./test-repository";

/** A user's repository with hooks that would leave a trace, and tasks that worked on it. */
export interface ResultsWorld extends AsyncDisposable {
  readonly folder: string;
  readonly root: string;
  readonly worktreesFolder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly workspaces: Workspaces;
  readonly results: Results;
  git(directory: string, ...args: readonly string[]): Promise<string>;
  /** At the root. */
  run(...args: readonly string[]): Promise<string>;
  write(files: Readonly<Record<string, string>>, directory?: string): Promise<void>;
  /** A user's commit at the root. */
  commit(files: Readonly<Record<string, string>>, message?: string): Promise<string>;
  /** A task that wrote these files and ended; `null` removes one. */
  work(id: string, files: Readonly<Record<string, string | null>>): Promise<BranchResult>;
  merge(work: BranchResult, change?: Partial<MergeRequest>): Promise<MergeResult>;
  /** The code of its error; "done" without one. */
  code(call: Promise<unknown>): Promise<string>;
}

const hookNames = ["pre-commit", "commit-msg", "pre-merge-commit", "post-merge", "post-checkout", "post-commit", "reference-transaction"];

export async function resultsWorld(): Promise<ResultsWorld> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "octo-results-")));
  const root = join(folder, "project");
  const worktreesFolder = join(folder, "worktrees");
  const environment = gitEnvironmentIn(folder);
  const { workspaces, results } = createGitAdapter({ worktreesFolder, environment, lockGraceMs: 100 });
  const git: ResultsWorld["git"] = async (directory, ...args) => {
    const settings = ["-c", "core.hooksPath=/dev/null"];
    return (await execa("git", [...settings, "-C", directory, ...args], { env: { ...environment, LC_ALL: "C" }, extendEnv: false })).stdout;
  };
  const run: ResultsWorld["run"] = (...args) => git(root, ...args);
  const write: ResultsWorld["write"] = (files, directory = root) => writeFiles(directory, files);
  const commit: ResultsWorld["commit"] = async (files, message = "by hand") => {
    await write(files);
    await run("add", "--all");
    await run("commit", "--quiet", "--allow-empty", "-m", message);
    return run("rev-parse", "HEAD");
  };
  await writeFile(environment.GIT_CONFIG_GLOBAL, "[user]\nname = Ada\nemail = ada@example.org\n");
  await mkdir(root);
  await run("init", "--quiet", "--initial-branch=main");
  for (const name of hookNames) {
    const hook = join(root, ".git", "hooks", name);
    await writeFile(hook, `#!/bin/sh\necho ${name} >> "${join(root, ".git", "hook-ran")}"\nexit 1\n`);
    await chmod(hook, 0o755);
  }
  await commit({ "a.txt": "one\ntwo\nthree\n", "b/c.txt": "c\n", ".gitignore": "ignored/\n*.env\n" }, "first");
  return {
    ...{ folder, root, worktreesFolder, environment, workspaces, results, git, run, write, commit },
    async work(id, files) {
      const task = { taskId: taskId(id), branch: `octo/${taskId(id)}-work` };
      const info = await workspaces.inspect(root);
      if (info.kind === "plain") throw new Error("no repository");
      const base = info.head;
      const request = { ...task, instanceId: instanceId("a"), slot: 0, repository: root, prefix: "", base };
      const workspace = await workspaces.prepare(request);
      for (const [name, content] of Object.entries(files)) {
        const path = join(workspace.directory, name);
        if ((await stat(dirname(path)).catch(() => undefined))?.isFile()) await rm(dirname(path));
        await rm(path, { recursive: true, force: true });
        if (content === null) continue;
        await write({ [name]: content }, workspace.directory);
      }
      const result = await workspaces.finish({ taskId: task.taskId, attempt: 1, workspace, subject: `Work of ${id}` });
      if (!result) throw new Error("no branch");
      return result;
    },
    merge: (work, change) =>
      results.merge({ taskId: taskId(work.branch.replace(/^octo\/tsk_(.*)-work$/, "$1")), place: work, title: "Do the work", ...change }),
    code: (call) =>
      call.then(
        () => "done",
        (thrown: unknown) => {
          if (thrown instanceof OctoError) return thrown.code;
          throw thrown;
        },
      ),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
