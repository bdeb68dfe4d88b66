// Variables that say who the user is and how their git reaches the world. All others beginning with GIT_ would point git at
// another repository, index or object store (`git rev-parse --local-env-vars`), or change what it prints.
const kept = [
  /^GIT_(AUTHOR|COMMITTER)_(NAME|EMAIL)$/,
  /^GIT_CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)$/,
  /^GIT_(SSH|SSH_COMMAND|SSH_VARIANT|EXEC_PATH|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM)$/,
  /^GIT_(SSL|HTTP|LFS)_/,
];

/** The environment of every git process: the user's, without what redirects git; no prompt, no optional locks, English messages. */
export function gitEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) continue;
    if (name.startsWith("GIT_") && !kept.some((pattern) => pattern.test(name))) continue;
    result[name] = value;
  }
  return { ...result, GIT_TERMINAL_PROMPT: "0", GIT_OPTIONAL_LOCKS: "0", GCM_INTERACTIVE: "never", LC_ALL: "C" };
}

/** Settings of every git process, over the user's own: no hook, no signature, no background work, no refusal for line ends. */
export const gitSettings: readonly string[] = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "core.safecrlf=false",
  "core.splitIndex=false",
  "commit.gpgSign=false",
  "gc.auto=0",
  "maintenance.auto=false",
  "submodule.recurse=false",
  // Would write an extension into the repository's configuration (git 2.48).
  "worktree.useRelativePaths=false",
];
