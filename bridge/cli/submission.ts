import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import type { PermissionRule } from "../../shared/ask";
import type { SubmitParams } from "../../shared/protocol";
import { type Isolation, type StrategyName, strategies } from "../../shared/task";
import { OctoError } from "../octo-error";
import type { Client } from "./client";
import { findHostIds, findInstanceIds, findTaskIds } from "./find";
import { collect, collectPermission, durationMs, modelName, positiveNumber, wholeNumber } from "./option-values";

/** What `run` and `submit` take besides the prompt. */
export interface SubmissionOptions {
  readonly dir?: string;
  readonly model?: string;
  readonly agent?: string;
  readonly variant?: string;
  readonly attach?: readonly string[];
  readonly timeout?: number;
  readonly queueTimeout?: number;
  readonly attempts?: number;
  readonly maxTokens?: number;
  readonly maxCost?: number;
  readonly inPlace?: boolean;
  readonly ownServer?: boolean;
  readonly withChanges?: boolean;
  readonly priority?: number;
  readonly after?: readonly string[];
  readonly instance?: readonly string[];
  readonly label?: readonly string[];
  readonly host?: readonly string[];
  readonly strategy?: StrategyName;
  readonly from?: string;
  readonly permission?: readonly PermissionRule[];
}

export function addSubmissionOptions(command: Command): Command {
  return command
    .option("--from <file>", "one prompt a line, from a file or - for stdin; all are submitted")
    .option("-d, --dir <folder>", "where the work happens (default: this folder)")
    .option("-m, --model <provider/model>", "the model (default: that of OpenCode)", modelName)
    .option("--agent <name>", "the agent of OpenCode")
    .option("--variant <name>", "the model's variant, like high")
    .option("-a, --attach <file>", "send a file along (repeatable)", collect)
    .option("--timeout <time>", "longest run time of an attempt, like 30m; waiting for you does not count", durationMs)
    .option("--queue-timeout <time>", "longest time in the queue", durationMs)
    .option("--attempts <n>", "how often it is tried", wholeNumber(1, 100))
    .option("--max-tokens <n>", "limit of tokens, all attempts together", wholeNumber(1, 1_000_000_000))
    .option("--max-cost <dollars>", "limit of cost, all attempts together", positiveNumber)
    .option("--in-place", "work in the folder itself, not in a worktree with its own branch")
    .option("--own-server", "start an OpenCode server for this task alone (300 MB), gone after it")
    .option("--with-changes", "take uncommitted changes along")
    .option("--priority <n>", "higher runs first", wholeNumber(-1_000, 1_000))
    .option(
      "--permission <rule>",
      "what the session may do, like bash=ask or 'bash:git *=allow' (repeatable; the last that matches counts)",
      collectPermission,
    )
    .option("--after <task>", "run once this task has succeeded (repeatable)", collect)
    .option("--instance <instance>", "run only there (repeatable)", collect)
    .option("--label <label>", "run only on instances with this label (repeatable)", collect)
    .option("--host <host>", "run only on this host (repeatable)", collect)
    .addOption(new Option("--strategy <name>", "how the instance is chosen").choices(strategies));
}

function isolationOf({ inPlace, ownServer }: SubmissionOptions): Isolation | undefined {
  if (inPlace && ownServer) throw new OctoError("REQUEST_INVALID", "--in-place and --own-server cannot be had together");
  if (inPlace) return "in-place";
  return ownServer ? "server" : undefined;
}

/** Everything but the prompt, with ids and paths resolved. ATTACHMENT_UNREADABLE, DIRECTORY_MISSING, those of `find.ts`. */
export async function toParams(client: Client, options: SubmissionOptions): Promise<Omit<SubmitParams, "prompt">> {
  const directory = resolve(options.dir ?? ".");
  const found = await stat(directory).catch(() => undefined);
  if (!found?.isDirectory()) throw new OctoError("DIRECTORY_MISSING", `${directory} is no folder`);
  const filter = {
    instances: await findInstanceIds(client, options.instance ?? []),
    hosts: await findHostIds(client, options.host ?? []),
    labels: options.label ?? [],
  };
  return {
    directory,
    filter: Object.values(filter).every((wanted) => wanted.length === 0) ? undefined : filter,
    model: options.model,
    agent: options.agent,
    variant: options.variant,
    attachments: await attachments(options.attach ?? []),
    isolation: isolationOf(options),
    withChanges: options.withChanges,
    attemptsMax: options.attempts,
    runTimeMaxMs: options.timeout,
    queueTimeMaxMs: options.queueTimeout,
    tokensMax: options.maxTokens,
    costMax: options.maxCost,
    priority: options.priority,
    after: await findTaskIds(client, options.after ?? []),
    strategy: options.strategy,
    permissions: options.permission,
  };
}

/** Absolute paths of readable files. */
export async function attachments(files: readonly string[]): Promise<readonly string[]> {
  return Promise.all(
    files.map(async (file) => {
      const path = resolve(file);
      const readable = await access(path, constants.R_OK).then(
        async () => (await stat(path)).isFile(),
        () => false,
      );
      if (!readable) throw new OctoError("ATTACHMENT_UNREADABLE", `${path} is no file that can be read`);
      return path;
    }),
  );
}
