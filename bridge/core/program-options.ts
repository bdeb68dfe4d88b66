/** Before git's subcommand; none of them names a program, a folder or a setting. */
const harmlessForGit = new Set([
  ...["--no-pager", "-P", "--version", "-v", "--help", "-h", "--no-replace-objects", "--no-optional-locks", "--no-lazy-fetch"],
  ...["--no-advice", "--literal-pathspecs", "--glob-pathspecs", "--noglob-pathspecs", "--icase-pathspecs"],
]);

/**
 * May what stands before the subcommand make this command another one than it looks like? `git -c alias.x='!sh' x`, and `git -C FOLDER x`
 * under the settings of that folder's repository, run any program. An option that is not known to be harmless counts.
 * Source: git(1) of 2.47, "OPTIONS".
 */
export function hidesItsSubcommand([program = "", ...words]: readonly string[]): boolean {
  if (program.replace(/^.*\//, "") !== "git") return false;
  const first = words.find((word) => !harmlessForGit.has(word));
  return first?.startsWith("-") ?? false;
}
