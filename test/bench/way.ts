import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { quietEnvironment, standInConfig } from "../../bridge/demo/stand-in/config";
import { markName } from "./process-cost";

/** One way to get prompts done. */
export interface Way extends AsyncDisposable {
  readonly name: string;
  /** In the environment of each of its processes. */
  readonly mark: string;
  /** Does the prompts at once; settles when all of them have succeeded. Raises when one has not. */
  run(prompts: readonly string[]): Promise<void>;
}

export interface WayParts {
  /** A folder of its own. */
  readonly folder: string;
  readonly repository: string;
  /** OpenCode's own program, without its wrapper. */
  readonly program: string;
  readonly standInUrl: string;
}

/** Longest time for a round of prompts; a busy machine is slow. */
export const roundTimeMaxMs = 600_000;

/** Prompts that write one new file each; `round` makes the names new. */
export function promptsOf(count: number, round: string): readonly string[] {
  return Array.from({ length: count }, (_, index) => `Write a note\n[[write:notes/${round}-${index}.md|A note.]]\n[[say:done]]`);
}

/** The whole environment of a process: a home of its own, the stand-in as the only model, no network. */
export function wayEnvironment({ folder, standInUrl }: Pick<WayParts, "folder" | "standInUrl">, mark: string): Record<string, string> {
  return {
    ...quietEnvironment(),
    OPENCODE_CONFIG_CONTENT: JSON.stringify(standInConfig(standInUrl)),
    PATH: process.env.PATH ?? "/usr/local/bin:/usr/bin:/bin",
    HOME: join(folder, "home"),
    XDG_CONFIG_HOME: join(folder, "config"),
    XDG_DATA_HOME: join(folder, "data"),
    XDG_CACHE_HOME: join(folder, "cache"),
    XDG_STATE_HOME: join(folder, "state"),
    [markName]: mark,
  };
}

/** A clean repository of this many small files. */
export async function makeRepository(path: string, files = 200): Promise<string> {
  const git = (...args: readonly string[]) => execa("git", ["-C", path, ...args]);
  for (let index = 0; index < files; index += 1) {
    const folder = join(path, `part-${index % 20}`);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `file-${index}.txt`), `${index}\n`.repeat(40));
  }
  await git("init", "--quiet", "--initial-branch=main");
  await git("config", "user.name", "Bench");
  await git("config", "user.email", "bench@example.invalid");
  await git("add", "--all");
  await git("commit", "--quiet", "--message=first");
  return path;
}
