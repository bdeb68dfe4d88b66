import { createInterface } from "node:readline";
import { execa } from "execa";
import { OctoError } from "../../octo-error";
import { type GitConfig, killGroupAfter } from "./git";
import { gitEnvironment, gitSettings } from "./git-environment";
import { gitError } from "./git-error";

export interface RefMove {
  /** Full name, `refs/heads/…`. */
  readonly ref: string;
  /** The commit it must still be at. */
  readonly from: string;
  readonly to: string;
  /** For the ref's log. */
  readonly reason: string;
}

/**
 * Moves a ref while `during` runs under git's own locks on it, and on the working tree's HEAD where that names it: nobody can commit
 * or switch there meanwhile. When `during` raises, the ref stays where it is. BRANCH_MOVED.
 */
export type HoldRef = (root: string, move: RefMove, during: () => Promise<void>) => Promise<void>;

export function createHoldRef({ environment, timeoutMs }: GitConfig): HoldRef {
  return async (root, { ref, from, to, reason }, during) => {
    const args = ["update-ref", "-m", reason, "--stdin"];
    const settings = gitSettings.flatMap((setting) => ["-c", setting]);
    const child = execa("git", [...settings, "-C", root, ...args], {
      cwd: "/",
      env: gitEnvironment(environment),
      extendEnv: false,
      detached: true,
      cleanup: false,
      reject: false,
      buffer: { stdout: false },
      stdin: "pipe",
    });
    // It may end before it has read all.
    child.stdin.on("error", () => undefined);
    const deadline = killGroupAfter(child.pid, timeoutMs);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const say = async (words: string): Promise<boolean> => {
      child.stdin.write(`${words}\n`);
      return (await lines.next()).value === `${words.split("\n").at(-1)}: ok`;
    };
    try {
      const held = await say(`update ${ref} ${to} ${from}\nprepare`);
      if (held) await during();
      const moved = held && (await say("commit"));
      child.stdin.end();
      const result = await child;
      if (deadline.passed()) throw new OctoError("GIT_TIMEOUT", `git update-ref in ${root} took longer than ${timeoutMs} ms`);
      if (result.code === "ENOENT") throw new OctoError("GIT_MISSING", "git is not in PATH");
      if (!moved) throw gitError(root, args, String(result.stderr ?? ""), "BRANCH_MOVED");
    } finally {
      child.stdin.end();
      await child;
      deadline.cancel();
    }
  };
}
