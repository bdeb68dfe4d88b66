import { spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { execa } from "execa";
import { inert } from "../../inert";
import { OctoError } from "../../octo-error";

export interface HomeGitOptions {
  /** The user's, without what would point git elsewhere; git-environment.ts of the git adapter makes it. */
  readonly environment: Readonly<Record<string, string>>;
  /** `name=value`, for every process. */
  readonly settings: readonly string[];
}

const deadlineMs = 120_000;
const messageLengthMax = 600;
const outputBytesMax = 64 * 1024 * 1024;

/** git in the user's repositories of this machine. */
export interface HomeGit {
  /** stdout of a process that ends with one of `codes` ([0]); WORKTREE_FAILED, GIT_MISSING, GIT_TIMEOUT. */
  (root: string, args: readonly string[], options?: { readonly input?: string; readonly codes?: readonly number[] }): Promise<string>;
  /** Its exit code alone. */
  code(root: string, args: readonly string[]): Promise<number>;
  /** A process whose stdin and stdout are streams; the caller ends it. */
  start(root: string, args: readonly string[]): GitProcess;
}

export interface GitProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** WORKTREE_FAILED with git's words, when it ends otherwise than with 0. */
  readonly ended: Promise<void>;
  kill(): void;
}

function startGit({ environment, settings }: HomeGitOptions, root: string, args: readonly string[]): GitProcess {
  const all = [...settings.flatMap((setting) => ["-c", setting]), "-C", root, ...args];
  const child = spawn("git", all, { cwd: "/", env: environment, stdio: ["pipe", "pipe", "pipe"] });
  // It may end before it has read all.
  child.stdin.on("error", () => undefined);
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-messageLengthMax);
  });
  const ended = new Promise<void>((resolve, reject) => {
    const fail = (why: string): void => reject(new OctoError("WORKTREE_FAILED", `git ${args[0] ?? ""} in ${root}: ${inert(why).trim()}`));
    child.on("error", ({ message }) => fail(message));
    child.on("close", (code) => (code === 0 ? resolve() : fail(stderr || `ended with ${code}`)));
  });
  ended.catch(() => undefined);
  return { stdin: child.stdin, stdout: child.stdout, ended, kill: () => void child.kill("SIGKILL") };
}

export function createHomeGit(options: HomeGitOptions): HomeGit {
  const first = options.settings.flatMap((setting) => ["-c", setting]);
  const run = async (root: string, args: readonly string[], input = "") => {
    const result = await execa("git", [...first, "-C", root, ...args], {
      cwd: "/",
      env: options.environment,
      extendEnv: false,
      reject: false,
      input,
      timeout: deadlineMs,
      maxBuffer: outputBytesMax,
      stripFinalNewline: false,
    });
    if (result.timedOut) throw new OctoError("GIT_TIMEOUT", `git ${commandOf(args)} in ${root} took longer than ${deadlineMs} ms`);
    if (result.code === "ENOENT") throw new OctoError("GIT_MISSING", "git is not in PATH");
    return { code: result.exitCode ?? -1, stdout: result.stdout, stderr: result.stderr };
  };
  const git = async (root: string, args: readonly string[], { input, codes = [0] }: { input?: string; codes?: readonly number[] } = {}) => {
    const { code, stdout, stderr } = await run(root, args, input);
    if (codes.includes(code)) return stdout;
    throw new OctoError(
      "WORKTREE_FAILED",
      `git ${commandOf(args)} in ${root}: ${inert(stderr).trim().slice(-messageLengthMax) || `ended with ${code}`}`,
    );
  };
  return Object.assign(git, {
    code: async (root: string, args: readonly string[]) => (await run(root, args)).code,
    start: (root: string, args: readonly string[]) => startGit(options, root, args),
  });
}

/** For messages: behind a setting of its own. */
function commandOf(args: readonly string[]): string {
  return args[args[0] === "-c" ? 2 : 0] ?? "";
}
