import type { Workspaces } from "../../ports/workspaces";
import { captureChanges } from "./capture-changes";
import { diff } from "./diff";
import { finish } from "./finish";
import { createGit } from "./git";
import { inspect } from "./inspect";
import { createKeyedQueue } from "./keyed-queue";
import { ensurePoolFolder, type Pool } from "./pool";
import { prepare } from "./prepare";
import { removePool } from "./remove-pool";

export interface WorkspacesConfig {
  /** Holds the pooled worktrees; made when missing. Belongs to one bridge. */
  readonly worktreesFolder: string;
  /** The user's environment; this process's when absent. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Deadline of one git process; 120 s when absent: a first checkout of a large repository takes that long. */
  readonly timeoutMs?: number | undefined;
  /** How long a lock file in a pooled worktree is left to its owner; 2 s when absent. */
  readonly lockGraceMs?: number | undefined;
}

/** The real git behind the port. Holds nothing open between calls. */
export function createWorkspaces(config: WorkspacesConfig): Workspaces {
  const git = createGit({ environment: config.environment ?? process.env, timeoutMs: config.timeoutMs ?? 120_000 });
  const queue = createKeyedQueue();
  const lockGraceMs = config.lockGraceMs ?? 2_000;
  const pool = async (): Promise<Pool> => ({ git, queue, lockGraceMs, folder: await ensurePoolFolder(config.worktreesFolder) });
  return {
    inspect: (directory) => inspect(git, directory),
    captureChanges: async (root) => await captureChanges(git, (await pool()).folder, root),
    prepare: async (request) => await prepare(await pool(), request),
    finish: async (request) => await finish(await pool(), request),
    diff: (result, bytesMax) => diff(git, result, bytesMax),
    removePool: async (instanceId) => await removePool(await pool(), instanceId),
  };
}
