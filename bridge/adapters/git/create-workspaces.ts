import type { Results } from "../../ports/results";
import type { Workspaces } from "../../ports/workspaces";
import { captureChanges } from "./capture-changes";
import { collect } from "./collect";
import { diff } from "./diff";
import { drop } from "./drop";
import { finish } from "./finish";
import { freeBranch } from "./free-branch";
import { createGit } from "./git";
import { createHoldRef } from "./hold-ref";
import { inspect } from "./inspect";
import { createKeyedQueue } from "./keyed-queue";
import { merge } from "./merge";
import { open } from "./opened";
import { ensurePoolFolder, type Pool } from "./pool";
import { prepare } from "./prepare";
import { removePool } from "./remove-pool";
import { repositoryFolders } from "./repository-folders";

export interface WorkspacesConfig {
  /** Holds the pooled worktrees; made when missing. Belongs to one bridge. */
  readonly worktreesFolder: string;
  /** The user's environment; this process's when absent. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Deadline of one git process; 120 s when absent: a first checkout of a large repository takes that long. */
  readonly timeoutMs?: number | undefined;
  /** For setup and teardown of projects: that of the login shell, without keys of models; `environment` when absent. */
  readonly commandEnvironment?: (() => Promise<Readonly<Record<string, string>>>) | undefined;
  /** How long a lock file in a pooled worktree is left to its owner; 2 s when absent. */
  readonly lockGraceMs?: number | undefined;
}

/** The real git behind both ports, over one pool of worktrees. Holds nothing open between calls. */
export function createGitAdapter(config: WorkspacesConfig): { readonly workspaces: Workspaces; readonly results: Results } {
  const gitConfig = { environment: config.environment ?? process.env, timeoutMs: config.timeoutMs ?? 120_000 };
  const git = createGit(gitConfig);
  const holdRef = createHoldRef(gitConfig);
  const queue = createKeyedQueue();
  const lockGraceMs = config.lockGraceMs ?? 2_000;
  const commandEnvironment = config.commandEnvironment ?? (async () => withoutUnset(gitConfig.environment));
  const pool = async (): Promise<Pool> => {
    const folder = await ensurePoolFolder(config.worktreesFolder);
    return { git, queue, lockGraceMs, commandEnvironment, folder };
  };
  return {
    workspaces: {
      inspect: (directory) => inspect(git, directory),
      captureChanges: async (root, taskId) => await captureChanges(git, (await pool()).folder, root, taskId),
      prepare: async (request) => await prepare(await pool(), request),
      release: async ({ repository, branch }) => {
        await freeBranch(await pool(), await repositoryFolders(repository), branch, undefined);
      },
      finish: async (request) => await finish(await pool(), request),
      diff: (result, bytesMax) => diff(git, result, bytesMax),
      removePool: async (instanceId) => await removePool(await pool(), instanceId),
    },
    results: {
      merge: async (request) => await merge(await pool(), holdRef, request),
      drop: async (request) => await drop(await pool(), request),
      open: async (request) => await open(await pool(), request),
      collect: async (request) => await collect(await pool(), request),
    },
  };
}

export function createWorkspaces(config: WorkspacesConfig): Workspaces {
  return createGitAdapter(config).workspaces;
}

function withoutUnset(environment: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
