import { createHash } from "node:crypto";
import { appendFile, chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { createWorkspaces, type WorkspacesConfig } from "../../../bridge/adapters/git/create-workspaces";
import type { PrepareRequest, Workspaces } from "../../../bridge/ports/workspaces";
import type { InstanceId, TaskId } from "../../../shared/ids";

// The one place where tests make branded ids.
export const taskId = (text: string) => `tsk_${text}` as TaskId;
export const instanceId = (text: string) => `ins_${text}` as InstanceId;

/** A real git repository that is as awkward as a user's can be, and workspaces over it. */
export interface TestRepository {
  readonly folder: string;
  readonly root: string;
  readonly worktreesFolder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly workspaces: Workspaces;
  readonly base: string;
  workspacesWith(config: Partial<WorkspacesConfig>): Workspaces;
  request(changes?: Partial<PrepareRequest>): PrepareRequest;
  git(directory: string, ...args: readonly string[]): Promise<string>;
  write(directory: string, files: Readonly<Record<string, string>>): Promise<void>;
  remove(): Promise<void>;
}

/** Names that break whoever splits git's output at line ends or spaces. */
export const awkwardNames = ["with space.txt", "with\nline end.txt", "ünïcode-文.txt", '"quoted".txt', "-dash.txt"] as const;

export async function createTestRepository(): Promise<TestRepository> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "octo-git-")));
  const root = join(folder, "project");
  const worktreesFolder = join(folder, "worktrees");
  const environment = gitEnvironmentIn(folder);
  const git = async (directory: string, ...args: readonly string[]) => {
    const { stdout } = await execa("git", ["-C", directory, ...args], { env: { ...environment, LC_ALL: "C" }, extendEnv: false });
    return stdout;
  };
  await writeFile(environment.GIT_CONFIG_GLOBAL, "");
  await mkdir(root);
  await git(root, "init", "--quiet", "--initial-branch=main");
  await writeFiles(root, { "a.txt": "one\ntwo\n", "sub/b.txt": "b\n", ".gitignore": "ignored/\n", ...awkwardFiles("first") });
  await git(root, "add", "--all");
  await git(root, "-c", "user.name=Ada", "-c", "user.email=ada@example.org", "commit", "--quiet", "-m", "first");
  await makeAwkward(root, git);
  const base = await git(root, "rev-parse", "HEAD");
  const workspacesWith = (config: Partial<WorkspacesConfig>) =>
    createWorkspaces({ worktreesFolder, environment, lockGraceMs: 100, ...config });
  return {
    folder,
    root,
    worktreesFolder,
    environment,
    base,
    workspaces: workspacesWith({}),
    workspacesWith,
    request: (changes) => ({
      taskId: taskId("1"),
      instanceId: instanceId("a"),
      slot: 0,
      repository: root,
      prefix: "",
      branch: "octo/tsk_1-work",
      base,
      ...changes,
    }),
    git,
    write: writeFiles,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export function awkwardFiles(content: string): Record<string, string> {
  return Object.fromEntries(awkwardNames.map((name) => [name, `${content}\n`]));
}

/** Nothing of the machine's own git settings. */
export function gitEnvironmentIn(folder: string) {
  return { PATH: process.env.PATH ?? "", HOME: folder, GIT_CONFIG_GLOBAL: join(folder, "gitconfig"), GIT_CONFIG_NOSYSTEM: "1" };
}

export async function writeFiles(directory: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), content);
  }
}

/** No identity, hooks that fail wherever git looks for them, a signing program that fails, odd line ends, a dirty tree and index. */
async function makeAwkward(root: string, git: TestRepository["git"]): Promise<void> {
  const hooks = join(root, ".git", "hooks");
  for (const name of ["pre-commit", "commit-msg", "prepare-commit-msg", "post-checkout", "post-commit", "reference-transaction"]) {
    await writeFile(join(hooks, name), `#!/bin/sh\necho ran >> "${join(root, ".git", "hook-ran")}"\nexit 1\n`);
    await chmod(join(hooks, name), 0o755);
  }
  const settings = {
    core: `hooksPath = ${hooks}\nautocrlf = input\nsafecrlf = true\nquotePath = true`,
    commit: "gpgSign = true",
    gpg: "program = /bin/false",
    branch: "autoSetupMerge = always",
    submodule: "recurse = true",
    status: "showUntrackedFiles = no",
    diff: "noprefix = true",
  };
  const text = Object.entries(settings).map(([section, lines]) => `[${section}]\n${lines}\n`);
  await appendFile(join(root, ".git", "config"), text.join(""));
  await writeFiles(root, { "staged.txt": "staged\n", "untracked.txt": "untracked\r\n", "ignored/cache.txt": "cache\n" });
  await git(root, "-c", "core.safecrlf=false", "add", "staged.txt");
  await writeFile(join(root, "a.txt"), "one\nchanged by the user\n");
}

/** Everything of the user's that must be the same before and after; octo's own branches are left out. */
export async function userState(repository: TestRepository, root = repository.root): Promise<Record<string, string>> {
  const gitFolder = await repository.git(root, "rev-parse", "--absolute-git-dir");
  const refs = await repository.git(root, "for-each-ref", "--format=%(refname) %(objectname)");
  const state: Record<string, string> = {
    status: await repository.git(root, "--no-optional-locks", "status", "--porcelain=v2", "--branch", "--untracked-files=all"),
    refs: refs
      .split("\n")
      .filter((line) => !line.startsWith("refs/heads/octo/"))
      .join("\n"),
  };
  for (const name of ["HEAD", "index", "config", "packed-refs", "logs/HEAD", "FETCH_HEAD", "ORIG_HEAD", "hook-ran"]) {
    state[name] = await digest(join(gitFolder, name));
  }
  for (const name of await filesBelow(join(gitFolder, "hooks"))) state[`hooks/${name}`] = await digest(join(gitFolder, "hooks", name));
  for (const name of await filesBelow(root)) state[`file ${name}`] = await digest(join(root, name));
  return state;
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  return names.filter((name) => !name.startsWith(".git/")).sort();
}

async function digest(path: string): Promise<string> {
  const content = await readFile(path).catch(() => undefined);
  return content === undefined ? "absent" : createHash("sha256").update(content).digest("hex");
}
