/** What makes a worktree of a project ready for work. */
export interface WorkspaceSetup {
  /** Program and arguments, run in the worktree. */
  readonly command?: readonly [string, ...string[]] | undefined;
  readonly timeoutMs: number;
  /** Paths below the root of the user's repository; they are ignored by git. */
  readonly copyFiles: readonly string[];
  readonly teardown?: readonly [string, ...string[]] | undefined;
}

/** As the configuration has it: a command is arguments, or a text for a shell. */
export interface ProjectSettings {
  readonly setup?: string | readonly string[] | undefined;
  readonly setupTimeoutMs: number;
  readonly copyFiles: readonly string[];
  readonly teardown?: string | readonly string[] | undefined;
}

/** The settings of a repository: those under its own path, else the first whose pattern fits. Undefined without anything to do. */
export function setupOf(projects: Readonly<Record<string, ProjectSettings>>, repository: string): WorkspaceSetup | undefined {
  const found = projects[repository] ?? Object.entries(projects).find(([pattern]) => fits(pattern, repository))?.[1];
  if (!found) return undefined;
  const { setupTimeoutMs: timeoutMs, copyFiles } = found;
  const [command, teardown] = [argumentsOf(found.setup), argumentsOf(found.teardown)];
  return command || teardown || copyFiles.length > 0 ? { command, timeoutMs, copyFiles, teardown } : undefined;
}

function argumentsOf(command: string | readonly string[] | undefined): readonly [string, ...string[]] | undefined {
  if (typeof command === "string") return ["/bin/sh", "-c", command];
  const [program, ...rest] = command ?? [];
  return program === undefined ? undefined : [program, ...rest];
}

/** `*` stands for one name or a part of it, `**` for any number of names. */
function fits(pattern: string, path: string): boolean {
  const source = pattern
    .replace(/\/+$/, "")
    .split(/(\*\*|\*)/)
    .map((piece) => (piece === "**" ? ".*" : piece === "*" ? "[^/]*" : piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")));
  return new RegExp(`^${source.join("")}$`, "s").test(path);
}
