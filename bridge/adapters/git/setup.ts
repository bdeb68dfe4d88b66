import { createHash } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { OctoError } from "../../octo-error";
import { parseJson } from "../../parse-json";
import type { WorkspaceSetup } from "../../ports/workspaces";
import { copyFiles } from "./copy-files";
import type { Pool } from "./pool";
import { runCommand } from "./run-command";

export interface SetupPlace {
  /** Root of the user's working tree. */
  readonly root: string;
  readonly worktree: string;
  /** The worktree's own. */
  readonly gitFolder: string;
  readonly taskId: string;
  readonly branch: string;
}

const stateFile = "octo-setup.json";
const logFile = "octo-setup.log";
const teardownTimeoutMs = 120_000;
const lastLinesMax = 12;
const lastBytesMax = 1_500;

const stateSchema = z.object({ digest: z.string(), teardown: z.tuple([z.string()], z.string()).optional() });

/**
 * Makes a worktree ready for its project: copies files, then runs the command where it has not run for this command and these files. What
 * it says is kept beside the worktree's index. WORKSPACE_SETUP_FAILED with its last lines.
 */
export async function setUp(pool: Pool, place: SetupPlace, setup: WorkspaceSetup): Promise<void> {
  const { worktree, gitFolder } = place;
  const copied = await copyFiles(pool.git, place.root, worktree, setup.copyFiles);
  const digest = createHash("sha256")
    .update(JSON.stringify([setup.command ?? [], copied]))
    .digest("hex");
  const before = await readState(gitFolder);
  if (before?.digest !== digest && setup.command !== undefined) {
    await rm(join(gitFolder, stateFile), { force: true });
    const result = await runCommand(setup.command, worktree, await environmentOf(pool, place), setup.timeoutMs);
    const log = join(gitFolder, logFile);
    await writeFile(log, result.output);
    if (result.problem !== undefined) {
      const said = lastLines(result.output);
      throw new OctoError("WORKSPACE_SETUP_FAILED", `${result.problem}${said === "" ? "" : `: ${said}`} (all of it: ${log})`);
    }
  }
  await writeState(gitFolder, { digest, teardown: setup.teardown === undefined ? undefined : [...setup.teardown] });
}

/** Before a worktree is removed. What fails here keeps nothing from going: the command may be of another time. */
export async function tearDown(pool: Pool, worktree: string, gitFolder: string): Promise<void> {
  const teardown = (await readState(gitFolder))?.teardown;
  if (teardown === undefined) return;
  const environment = { ...(await pool.commandEnvironment()), OCTO_WORKTREE: worktree };
  await runCommand(teardown, worktree, environment, teardownTimeoutMs);
}

async function environmentOf(pool: Pool, { root, worktree, taskId, branch }: SetupPlace): Promise<Readonly<Record<string, string>>> {
  const own = { OCTO_REPOSITORY: root, OCTO_WORKTREE: worktree, OCTO_TASK: taskId, OCTO_BRANCH: branch };
  return { ...(await pool.commandEnvironment()), ...own };
}

function lastLines(output: string): string {
  return output.trimEnd().split("\n").slice(-lastLinesMax).join("\n").slice(-lastBytesMax);
}

async function readState(gitFolder: string): Promise<z.infer<typeof stateSchema> | undefined> {
  const text = await readFile(join(gitFolder, stateFile), "utf8").catch(() => "");
  // Cut off by a power loss, or not there: the command runs once more.
  return stateSchema.safeParse(parseJson(text)).data;
}

async function writeState(gitFolder: string, state: unknown): Promise<void> {
  const path = join(gitFolder, stateFile);
  await writeFile(`${path}.new`, JSON.stringify(state));
  await rename(`${path}.new`, path);
}
