import { createHash } from "node:crypto";
import { realpath } from "node:fs/promises";
import { basename, isAbsolute, normalize, resolve } from "node:path";
import type { BranchResult } from "../../../shared/task";
import { OctoError } from "../../octo-error";
import type { FinishRequest, PrepareRequest, Workspace, Workspaces } from "../../ports/workspaces";
import { answerWords } from "./answer";
import { branchTip, knownCommits, takeHome } from "./home-branch";
import type { HomeGit } from "./home-git";
import { fetchCommit, type RepositoryPair, sendCommit } from "./pack";
import type { RemoteHost } from "./remote-host";
import { callOf, quote } from "./remote-program";
import { checkTransportable } from "./transportable";

/** A checkout of a large repository, on a slow disk. */
const worktreeDeadlineMs = 300_000;
const deadlineMs = 60_000;
const filesMax = 10_000;

export interface RemoteWorkspacesOptions {
  readonly host: RemoteHost;
  /** Of this machine: looks at the user's folders, shows results. */
  readonly home: Pick<Workspaces, "inspect" | "captureChanges" | "diff" | "release">;
  readonly git: HomeGit;
}

/**
 * Worktrees on a host for repositories at home. A commit goes there and the branch comes back as packs over the same ssh: the host
 * needs no login anywhere. What is fetched is forgotten there: the branch at home is the one that counts.
 */
export function createRemoteWorkspaces({ host, home, git }: RemoteWorkspacesOptions): Workspaces {
  /** One transfer a repository at a time: the next task finds the commit there. */
  const sending = new Map<string, Promise<unknown>>();

  const pairOf = async (repository: string): Promise<RepositoryPair> => {
    const commonFolder = resolve(repository, (await git(repository, ["rev-parse", "--git-common-dir"])).trim());
    const hash = createHash("sha256")
      .update(await realpath(commonFolder))
      .digest("hex")
      .slice(0, 16);
    const { paths } = host.definition;
    return { host, git, root: repository, key: hash, mapped: paths[repository] ?? paths[basename(repository)] ?? "" };
  };

  const ensureCommits = async (pair: RepositoryPair, slot: string, commits: readonly string[]): Promise<void> => {
    const format = commits[0]?.length === 64 ? "sha256" : "sha1";
    const lines = await host.call(callOf("octo_tips", pair.key, pair.mapped, format, ...commits), deadlineMs);
    const words = lines.map((line) => line.split(" "));
    const there = words.flatMap(([word, commit]) => (word === "has" && commit !== undefined ? [commit] : []));
    const missing = commits.filter((commit) => !there.includes(commit));
    if (missing.length === 0) return;
    const tips = words.flatMap(([word, commit]) => (word === "tip" && commit !== undefined ? [commit] : []));
    const haves = await knownCommits(git, pair.root, [...new Set([...there, ...tips])]);
    for (const commit of missing) await sendCommit(pair, slot, commit, haves);
  };

  const inTurn = async (key: string, job: () => Promise<void>): Promise<void> => {
    const before = sending.get(key) ?? Promise.resolve();
    const mine = before.then(job, job);
    sending.set(key, mine);
    try {
      await mine;
    } finally {
      if (sending.get(key) === mine) sending.delete(key);
    }
  };

  /** Lines for the scripts that commit. */
  const authorOf = async (root: string): Promise<string> => {
    const of = async (name: string) => quote((await git(root, ["config", `user.${name}`], { codes: [0, 1] })).trim());
    return `octo_author_name=${await of("name")}\nocto_author_email=${await of("email")}\n`;
  };

  const bringHome = async (pair: RepositoryPair, branch: string, commit: string, haves: readonly string[]): Promise<void> => {
    const known = await knownCommits(git, pair.root, [commit]);
    if (known.length === 0) await fetchCommit(pair, commit, haves);
    await takeHome(git, pair.root, branch, commit);
    await host.call(callOf("octo_forget", pair.key, pair.mapped, branch, commit), deadlineMs);
  };

  return {
    inspect: home.inspect,
    captureChanges: home.captureChanges,
    diff: home.diff,
    release: home.release,

    async prepare(request): Promise<Workspace> {
      const { repository, branch, base } = request;
      if (!branch.startsWith("octo/")) throw new OctoError("INTERNAL", `not a branch of octo's: ${branch}`);
      const pair = await pairOf(repository);
      await checkTransportable(git, repository, base);
      // Now rather than when the result comes home and cannot be put there.
      await home.release({ repository, branch });
      const tip = (await branchTip(git, repository, branch)) ?? base;
      const slot = slotOf(request);
      await inTurn(pair.key, () => ensureCommits(pair, slot, [...new Set([base, tip])]));
      const call = callOf("octo_prepare", pair.key, pair.mapped, slot, branch, tip, checkedPrefix(request.prefix));
      const lines = await host.call((await authorOf(repository)) + call, worktreeDeadlineMs);
      for (const line of lines.filter((line) => line.startsWith("saved "))) {
        const [, saved = "", commit = ""] = line.split(" ");
        // What an earlier task left there; it stays there where it cannot be fetched now.
        await bringHome(pair, saved, commit, [base]).catch(() => undefined);
      }
      const worktree = answerWords(lines, "worktree", host.name).join(" ");
      const directory = request.prefix === "" ? worktree : `${worktree}/${request.prefix}`;
      return { directory, branch: { repository, worktree, name: branch, base } };
    },

    async finish({ workspace, subject }: FinishRequest): Promise<BranchResult | undefined> {
      const work = workspace.branch;
      if (work === undefined) return undefined;
      const pair = await pairOf(work.repository);
      const before = await branchTip(git, pair.root, work.name);
      const call = callOf("octo_finish", pair.key, pair.mapped, basename(work.worktree), work.name, subject);
      const found = (await host.call((await authorOf(pair.root)) + call, worktreeDeadlineMs)).find((line) => line.startsWith("branch "));
      const commit = found?.split(" ")[1];
      if (commit !== undefined) await bringHome(pair, work.name, commit, before === undefined ? [work.base] : [work.base, before]);
      const tip = await branchTip(git, pair.root, work.name);
      if (tip === undefined)
        throw new OctoError("WORKTREE_FAILED", `the branch ${work.name} is neither on ${host.name} nor in ${pair.root}`);
      const names = await git(pair.root, ["diff-tree", "-r", "-z", "--no-renames", "--name-only", work.base, tip]);
      const files = names.split("\0").slice(0, -1).slice(0, filesMax);
      return { repository: work.repository, branch: work.name, base: work.base, commit: tip, files };
    },

    async removePool(instanceId) {
      const lines = await host.call(callOf("octo_remove_pool", instanceId), worktreeDeadlineMs);
      return lines.flatMap((line) => (line.startsWith("kept ") ? [line.slice("kept ".length)] : []));
    },
  };
}

function slotOf({ instanceId, slot }: PrepareRequest): string {
  if (!/^[\w-]+$/.test(instanceId) || !Number.isSafeInteger(slot) || slot < 0) {
    throw new OctoError("INTERNAL", `no name for a worktree: ${instanceId} ${slot}`);
  }
  return `${instanceId}-${slot}`;
}

function checkedPrefix(prefix: string): string {
  if (isAbsolute(prefix) || normalize(prefix).split("/").includes("..")) throw new OctoError("INTERNAL", `no subfolder: ${prefix}`);
  return prefix;
}
