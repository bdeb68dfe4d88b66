import type { MergeMode, MergeResult } from "../../../shared/result";
import { OctoError } from "../../octo-error";
import type { MergeRequest } from "../../ports/results";
import type { HoldRef } from "./hold-ref";
import { checkVersion, makeCommit, mergedTree, treeOf } from "./merge-commit";
import { isInterruptedMerge } from "./merge-interrupted";
import { checkClean, findTarget, type MergeTarget } from "./merge-target";
import { openedNotices } from "./opened";
import type { Pool } from "./pool";
import { isAncestor, readBranch } from "./refs";
import { type RepositoryFolders, repositoryFolders } from "./repository-folders";
import { changesBetween, checkNothingOverwritten, type TreeChange, updateCheckout } from "./update-checkout";

/** Files named in the answer. */
const filesMax = 10_000;

interface Found {
  readonly folders: RepositoryFolders;
  readonly tip: string;
  readonly target: MergeTarget;
  /** The checkout is up to date already: a merge was killed before it moved the branch. */
  readonly interrupted: boolean;
}

/**
 * See the port. Everything is computed beside the working trees; then, under git's lock on the branch, its checkout is updated and the
 * branch moves last.
 */
export async function merge(pool: Pool, holdRef: HoldRef, request: MergeRequest): Promise<MergeResult> {
  const folders = await repositoryFolders(request.place.repository);
  return await pool.queue(`merge ${folders.commonFolder}`, async () => {
    await checkVersion(pool.git, folders.root);
    const found = await find(pool, folders, request);
    const made = await commitFor(pool, found, request);
    const { tip, target } = found;
    const notices = await openedNotices(pool, folders, request.place.branch);
    const of = { taskId: request.taskId, repository: folders.root, branch: request.place.branch, tip, into: target.name, notices };
    if (made === undefined) return { ...of, how: "none", before: target.commit, after: target.commit, files: [] };
    const changes = await changesBetween(pool.git, folders.root, target.commit, made.commit);
    await moveBranch(pool, holdRef, found, { to: made.commit, changes, reason: `octo merge ${request.place.branch}` });
    const files = changes.slice(0, filesMax).map(({ path }) => path.toString("utf8"));
    return { ...of, how: made.how, before: target.commit, after: made.commit, files, checkout: target.checkouts[0]?.root };
  });
}

async function find(pool: Pool, folders: RepositoryFolders, { place, into }: MergeRequest): Promise<Found> {
  const source = await readBranch(pool.git, folders.root, place.branch);
  if (source === undefined) throw new OctoError("BRANCH_UNKNOWN", `the branch ${place.branch} is gone from ${folders.root}`);
  const target = await findTarget(pool, folders, into);
  if (target.name === place.branch) throw new OctoError("MERGE_NO_TARGET", `${target.name} is the task's own branch`);
  // Before anything is computed: the person is told what to do first.
  const [checkout] = target.checkouts;
  const sides = { ours: target.commit, theirs: source.commit };
  const interrupted = target.checkouts.length === 1 && checkout !== undefined && (await isInterruptedMerge(pool.git, checkout, sides));
  if (!interrupted) for (const each of target.checkouts) await checkClean(pool.git, each);
  return { folders, tip: source.commit, target, interrupted };
}

/** The commit that the branch is to move to; undefined when it holds everything already. */
async function commitFor(
  { git }: Pool,
  { folders: { root }, tip, target }: Found,
  request: MergeRequest,
): Promise<{ readonly commit: string; readonly how: MergeMode } | undefined> {
  const ours = target.commit;
  if (await isAncestor(git, root, tip, ours)) return undefined;
  const ahead = await isAncestor(git, root, ours, tip);
  const how = request.mode ?? (ahead ? "ff" : "merge");
  if (how === "ff") {
    if (ahead) return { commit: tip, how };
    throw new OctoError("MERGE_NOT_FAST_FORWARD", `${target.name} has commits that ${request.place.branch} lacks`);
  }
  const tree = ahead ? await treeOf(git, root, tip) : await mergedTree(git, root, { ours, theirs: tip });
  if (how === "squash" && tree === (await treeOf(git, root, ours))) return undefined;
  const message = request.message ?? messageFor(how, request);
  return { commit: await makeCommit(git, root, { mode: how, ours, theirs: tip, tree, message }), how };
}

function messageFor(how: MergeMode, { place, title, taskId }: MergeRequest): string {
  if (how === "squash") return `${title}\n\nWork of ${taskId}.\n`;
  return `Merge branch '${place.branch}'\n\n${title}\n`;
}

interface Move {
  readonly to: string;
  readonly changes: readonly TreeChange[];
  readonly reason: string;
}

async function moveBranch(
  pool: Pool,
  holdRef: HoldRef,
  { folders, tip, target, interrupted }: Found,
  { to, changes, reason }: Move,
): Promise<void> {
  const { git } = pool;
  const [checkout, ...others] = target.checkouts;
  if (others.length > 0) {
    const places = target.checkouts.map(({ root }) => root).join(" and ");
    throw new OctoError("BRANCH_CHECKED_OUT", `${target.name} is checked out in ${places} at once`);
  }
  if (checkout !== undefined && !interrupted) await checkNothingOverwritten(checkout.root, changes);
  const move = { ref: `refs/heads/${target.name}`, from: target.commit, to, reason };
  let updated = false;
  try {
    await holdRef(checkout?.root ?? folders.root, move, async () => {
      // Under the lock: from here on nobody commits or switches there.
      const now = (await findTarget(pool, folders, target.name)).checkouts;
      if (now.length !== target.checkouts.length || now[0]?.root !== checkout?.root) {
        throw new OctoError("BRANCH_MOVED", `${target.name} was checked out elsewhere meanwhile`);
      }
      if (checkout === undefined) return;
      if (interrupted && (await isInterruptedMerge(git, checkout, { ours: target.commit, theirs: tip }))) return;
      await checkClean(git, checkout);
      await updateCheckout(git, checkout.root, changes, target.commit, to);
      updated = true;
    });
  } catch (thrown) {
    const stays = updated && checkout !== undefined && (await readBranch(git, checkout.root, target.name))?.commit === target.commit;
    if (stays) await git(checkout.root, ["read-tree", "-m", "-u", to, target.commit]);
    throw thrown;
  }
}
