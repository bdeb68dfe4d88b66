import type { GcReport, Leftover } from "../../../shared/result";
import { OctoError } from "../../octo-error";
import type { CollectRequest } from "../../ports/results";
import { collectFolders } from "./collect-folders";
import { removeOpened } from "./drop";
import { checkNotRebased } from "./free-branch";
import { settledBecause } from "./merged";
import { branchKey, isInPool, isOpened, type Pool } from "./pool";
import { baseRefs, deleteRef, readBranch } from "./refs";
import { type RepositoryFolders, repositoryFolders } from "./repository-folders";

/** What was found, and how it goes; `remove` absent: it stays. */
export interface Finding {
  readonly leftover: Leftover;
  readonly remove?: (() => Promise<void>) | undefined;
}

/** See the port. One repository or folder that cannot be read is reported as kept, and holds up no other. */
export async function collect(pool: Pool, request: CollectRequest): Promise<GcReport> {
  const removed: Leftover[] = [];
  const kept: Leftover[] = [];
  const settle = async ({ leftover, remove }: Finding): Promise<void> => {
    if (remove === undefined) return void kept.push(leftover);
    try {
      if (!request.dryRun) await remove();
      removed.push(leftover);
    } catch (thrown) {
      kept.push({ ...leftover, reason: reasonOf(thrown) });
    }
  };
  for (const repository of request.repositories) {
    const folders = await repositoryFolders(repository).catch(() => undefined);
    if (folders === undefined) continue;
    const found = await inRepository(pool, folders, request).catch((thrown: unknown): readonly Finding[] => [
      { leftover: { kind: "branch", name: "octo/*", repository, reason: reasonOf(thrown) } },
    ]);
    for (const finding of found) await settle(finding);
  }
  // After the branches: what they had checked out is free by now.
  for (const finding of await collectFolders(pool, request)) await settle(finding);
  return { removed, kept };
}

function reasonOf(thrown: unknown): string {
  return thrown instanceof OctoError ? `${thrown.message} (${thrown.code})` : String(thrown);
}

interface Ref {
  readonly name: string;
  readonly commit: string;
  readonly committedAtEpochMs: number;
  readonly worktree: string;
}

async function readRefs({ git }: Pool, root: string, below: string): Promise<readonly Ref[]> {
  const format = "%(refname)%00%(objectname)%00%(committerdate:unix)%00%(worktreepath)%00";
  const { stdout } = await git(root, ["for-each-ref", `--format=${format}`, below]);
  return stdout.split("\0\n").flatMap((line) => {
    const [name, commit, seconds, worktree] = line.split("\0");
    if (name === undefined || commit === undefined) return [];
    return [{ name, commit, committedAtEpochMs: Number(seconds) * 1_000, worktree: worktree ?? "" }];
  });
}

async function inRepository(pool: Pool, folders: RepositoryFolders, request: CollectRequest): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const ref of await readRefs(pool, folders.root, "refs/heads/octo/")) {
    const finding = await branchFinding(pool, folders, ref, request);
    if (finding !== undefined) findings.push(finding);
  }
  for (const { name, commit, committedAtEpochMs } of await readRefs(pool, folders.root, baseRefs)) {
    if (request.liveTasks.has(name.slice(baseRefs.length)) || committedAtEpochMs >= request.endedBeforeEpochMs) continue;
    const leftover: Leftover = { kind: "ref", name, repository: folders.root, commit, reason: "its task has ended" };
    const remove = async (): Promise<void> => {
      if (request.liveTasks.has(name.slice(baseRefs.length))) throw new OctoError("BRANCH_MOVED", `the task of ${name} has begun`);
      await deleteRef(pool.git, folders.root, name, commit);
    };
    findings.push({ leftover, remove });
  }
  return findings;
}

/** As octo names a task's branch (shared/slug.ts), and what it saved; any other below octo/ is the user's. */
const ofTask = /^octo\/(?:(tsk_[A-Za-z0-9]+)-|unknown-saved-)/;

/** Undefined for a branch that is in use or too young. */
async function branchFinding(pool: Pool, folders: RepositoryFolders, ref: Ref, request: CollectRequest): Promise<Finding | undefined> {
  const name = ref.name.slice("refs/heads/".length);
  const named = ofTask.exec(name);
  const isLive = () => request.liveBranches.has(name) || request.liveTasks.has(named?.[1] ?? "");
  if (named === null || isLive()) return undefined;
  const work = request.endedWork(name);
  if ((work?.endedAtEpochMs ?? ref.committedAtEpochMs) >= request.endedBeforeEpochMs) return undefined;
  const of = { kind: "branch" as const, name, repository: folders.root, commit: ref.commit };
  const reason = await settledBecause(pool.git, folders.root, ref.commit, work?.result);
  if (reason === undefined) return { leftover: { ...of, reason: "not merged" } };
  if (work?.result !== undefined && work.result.commit !== ref.commit) {
    return { leftover: { ...of, reason: `${reason}, but moved since its task ended` } };
  }
  const holder = ref.worktree;
  if (holder !== "" && !isOpened(pool, holder)) {
    const by = isInPool(pool, holder) ? "at work" : "checked out";
    return { leftover: { ...of, reason: `${reason}, but ${by} in ${holder}` } };
  }
  const remove = async (): Promise<void> => {
    await checkNotRebased(pool, folders, name);
    const now = await readBranch(pool.git, folders.root, name);
    if (now?.commit !== ref.commit || (now.worktree ?? "") !== holder || isLive()) {
      throw new OctoError("BRANCH_MOVED", `${name} was taken up again meanwhile`);
    }
    await removeOpened(pool, folders, now.worktree);
    await pool.queue(branchKey(folders.commonFolder, name), async () => {
      if (isLive()) throw new OctoError("BRANCH_MOVED", `a task works on ${name} again`);
      await deleteRef(pool.git, folders.root, ref.name, ref.commit);
    });
  };
  return { leftover: { ...of, reason }, remove };
}
