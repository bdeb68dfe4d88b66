import type { ErrorCode } from "../../../shared/errors";
import { OctoError } from "../../octo-error";

const reasonLengthMax = 600;

// git has no error codes: these sentences are what LC_ALL=C makes it say (git 2.39, setup.c, refs/files-backend.c, builtin/worktree.c).
const sentences: readonly (readonly [RegExp, ErrorCode])[] = [
  [/dubious ownership|unsafe repository/, "REPOSITORY_UNTRUSTED"],
  [/'refs\/heads\/octo' exists/, "REPOSITORY_UNSUPPORTED"],
  [/this operation must be run in a work tree/, "REPOSITORY_UNSUPPORTED"],
  [/not a git repository/, "REPOSITORY_UNSUPPORTED"],
  [/is already (checked out|used by worktree) at/, "BRANCH_CHECKED_OUT"],
];

/** What a failed git process becomes: a code by what git said, else `otherwise`; the message holds git's own words, made inert. */
export function gitError(directory: string, args: readonly string[], stderr: string, otherwise: ErrorCode): OctoError {
  const code = sentences.find(([sentence]) => sentence.test(stderr))?.[1] ?? otherwise;
  return new OctoError(code, `git ${args[0] ?? ""} in ${directory}: ${inert(stderr) || "failed without a message"}`);
}

/** No folder above holds a repository; other complaints (a broken .git file) are not that. */
export function saysNoRepository(stderr: string): boolean {
  return stderr.includes("not a git repository (or any");
}

/** git refuses to commit because nobody said who the author is (ident.c). */
export function saysNoIdentity(stderr: string): boolean {
  return /tell me who you are|auto-detection is disabled|empty ident name/i.test(stderr);
}

/** Signing was asked for and failed (gpg-interface.c, builtin/commit-tree.c). */
export function saysNotSigned(stderr: string): boolean {
  return /failed to sign|cannot run gpg|gpg\.ssh|user\.signingkey|ssh-keygen|couldn't load public key/i.test(stderr);
}

/** `git read-tree -m -u` looks at everything before it touches the first file (unpack-trees.c). */
export function saysNotTouched(stderr: string): boolean {
  return /Cannot merge|Cannot bind|would be (overwritten|removed)|would lose untracked|index\.lock/.test(stderr);
}

/** Another git is just making a worktree of the repository: its files are there, and still empty (seen: git 2.39, setup.c). */
export function saysWorktreeInMaking(stderr: string): boolean {
  return /failed to read .*worktrees\/.*\/commondir/.test(stderr);
}

function inert(stderr: string): string {
  return stderr
    .replace(/\p{Cc}+/gu, " ")
    .trim()
    .slice(0, reasonLengthMax);
}
