import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { OctoError } from "../../octo-error";
import { sendSignal } from "../../send-signal";
import { gitEnvironment, gitSettings } from "./git-environment";
import { gitError, saysWorktreeInMaking } from "./git-error";

const outputBytesMax = 64 * 1024 * 1024;
/** Between SIGTERM, on which git removes its lock files, and SIGKILL. */
const killGraceMs = 2_000;
/** A `git worktree add` fills its files within a millisecond; on a busy machine it may be stopped in between. */
const retriesMax = 50;
const retryDelayMs = 20;

export interface GitOutput {
  readonly code: number;
  readonly stdout: string;
  /** As it came: names of files may be any bytes. */
  readonly bytes: Buffer;
  readonly stderr: string;
  /** More came than `outputBytesMax`; git was ended and `stdout` holds the beginning. */
  readonly truncated: boolean;
}

export interface GitOptions {
  /** Exit codes that are answers; [0] when absent. */
  readonly codes?: readonly number[];
  /** `name=value`, for this process alone. */
  readonly settings?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly outputBytesMax?: number;
  /** Its stdin; empty when absent. */
  readonly input?: Uint8Array;
}

/**
 * Runs git in a folder, in a process group of its own that is ended at the deadline.
 * GIT_MISSING, GIT_TIMEOUT, REPOSITORY_UNTRUSTED, REPOSITORY_UNSUPPORTED, BRANCH_CHECKED_OUT, else WORKTREE_FAILED.
 */
export type Git = (directory: string, args: readonly string[], options?: GitOptions) => Promise<GitOutput>;

export interface GitConfig {
  /** The user's; PATH finds git. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Deadline of one process. */
  readonly timeoutMs: number;
}

export function createGit(config: GitConfig): Git {
  const run = createRun(config);
  return async (directory, args, options = {}) => {
    let result = await run(directory, args, options);
    // Nothing was done yet: git looks at the other worktrees first.
    for (let retries = 0; saysWorktreeInMaking(result.stderr) && retries < retriesMax; retries++) {
      await delay(retryDelayMs);
      result = await run(directory, args, options);
    }
    if (result.truncated || (options.codes ?? [0]).includes(result.code)) return result;
    throw gitError(directory, args, result.stderr, "WORKTREE_FAILED");
  };
}

/** One process, whatever its exit code. */
function createRun({ environment, timeoutMs }: GitConfig) {
  const base = gitEnvironment(environment);
  return async (directory: string, args: readonly string[], options: GitOptions): Promise<GitOutput> => {
    const settings = [...gitSettings, ...(options.settings ?? [])].flatMap((setting) => ["-c", setting]);
    const child = execa("git", [...settings, "-C", directory, ...args], {
      // A folder that is always there: ENOENT then means git itself.
      cwd: "/",
      env: { ...base, ...options.environment },
      extendEnv: false,
      detached: true,
      cleanup: false,
      reject: false,
      ...(options.input === undefined ? { stdin: "ignore" as const } : { input: options.input }),
      encoding: "buffer",
      stripFinalNewline: false,
      maxBuffer: options.outputBytesMax ?? outputBytesMax,
    });
    const deadline = killGroupAfter(child.pid, timeoutMs);
    const result = await child.finally(deadline.cancel);
    if (deadline.passed()) throw new OctoError("GIT_TIMEOUT", `git ${args[0] ?? ""} in ${directory} took longer than ${timeoutMs} ms`);
    if (result.code === "ENOENT") throw new OctoError("GIT_MISSING", "git is not in PATH");
    const bytes = Buffer.from(result.stdout);
    const stdout = bytes.toString("utf8");
    const stderr = Buffer.from(result.stderr).toString("utf8");
    if (result.isMaxBuffer) return { code: 0, stdout, bytes, stderr, truncated: true };
    if (result.exitCode === undefined) throw gitError(directory, args, stderr || (result.shortMessage ?? ""), "WORKTREE_FAILED");
    return { code: result.exitCode, stdout, bytes, stderr, truncated: false };
  };
}

export function killGroupAfter(pid: number | undefined, timeoutMs: number) {
  let passed = false;
  let timer = setTimeout(() => {
    passed = true;
    sendSignal({ groupId: pid }, "SIGTERM");
    timer = setTimeout(() => sendSignal({ groupId: pid }, "SIGKILL"), killGraceMs);
  }, timeoutMs);
  return { passed: () => passed, cancel: () => clearTimeout(timer) };
}
