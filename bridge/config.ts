import { readFile } from "node:fs/promises";
import { type ParseError, parse, printParseErrorCode } from "jsonc-parser";
import { z } from "zod";
import { paneViewKinds } from "../shared/pane";
import { isolations, strategies } from "../shared/task";
import { defaultPolicy, type Policy } from "./core/policy";
import { OctoError } from "./octo-error";

const count = (min: number, max: number) => z.int().min(min).max(max);
const minuteMs = 60_000;
/** What a fence needs from its limit to the end of the last tool: a dispose of 5 s, SIGTERM, SIGKILL, a census. */
const fenceMarginMs = 30_000;

const schema = z.strictObject({
  opencode: z
    .strictObject({
      /** Program and first arguments; else `opencode` from the PATH, else the package beside octo. */
      command: z.array(z.string().min(1)).min(1).optional(),
      /** Added to the environment of every instance. */
      env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).default({}),
      /** `own`: a database an instance; `user`: the user's own, shared (servers that share one lock each other out). */
      database: z.enum(["own", "user"]).default("own"),
      /** Take the environment of the user's login shell (keys, PATH) for instances. */
      loginShell: z.boolean().default(true),
    })
    .prefault({}),
  instances: z
    .strictObject({
      /** Tasks at the same time, each instance. */
      slots: count(1, 64).default(4),
      /** Instances of this machine. */
      max: count(1, 256).default(defaultPolicy.instancesMax),
      /** From start to ready; a cold server on a busy machine takes long. */
      startTimeoutMs: count(1_000, 30 * minuteMs).default(defaultPolicy.startTimeoutMs),
      /** Instances that boot at the same time. */
      startsAtOnceMax: count(1, 16).default(defaultPolicy.startsAtOnceMax),
      /** An idle instance with more memory than this is restarted; 0: never. */
      rssMaxBytes: count(0, 2 ** 50).default(defaultPolicy.rssMaxBytes),
      /** Unexpected exits within a minute; one more, and the instance has failed and waits for you. */
      restartsMax: count(0, 100).default(defaultPolicy.restartsMax),
      /** What a server gets to end its turns in before it is killed. */
      stopGraceMs: count(0, 10 * minuteMs).default(5_000),
    })
    .prefault({}),
  hosts: z
    .strictObject({
      /** Program and first arguments of OpenCode on hosts; else it is looked for there, in the PATH of the login shell first. */
      command: z.array(z.string().min(1)).min(1).optional(),
      /** In place of ~/.ssh/config. */
      sshConfigFile: z.string().startsWith("/").optional(),
      /** Without a sign of the bridge for so long, servers of hosts with `--on-partition move` end themselves. */
      fenceMs: count(10_000, 24 * 60 * minuteMs).default(60_000),
      /** Tasks of such a host move after so long; at least 30 s more than `fenceMs`, so that nothing runs twice. */
      partitionGraceMs: count(40_000, 25 * 60 * minuteMs).default(2 * minuteMs),
      /** Nothing is placed on a host with less free disk. */
      diskFreeMinBytes: count(0, 2 ** 50).default(defaultPolicy.diskFreeMinBytes),
    })
    .refine(({ fenceMs, partitionGraceMs }) => partitionGraceMs >= fenceMs + fenceMarginMs, {
      path: ["partitionGraceMs"],
      message: `must be at least ${fenceMarginMs} more than fenceMs`,
    })
    .prefault({}),
  tasks: z
    .strictObject({
      /** How an instance is chosen: `round-robin`, `least-loaded` or `random`. */
      strategy: z.enum(strategies).default(defaultPolicy.strategy),
      /** `worktree`: a branch of its own; `in-place`: the folder itself. */
      isolation: z.enum(isolations).default("worktree"),
      /** How often a task is tried. */
      attemptsMax: count(1, 100).default(3),
      /** Longest run time of one attempt; waiting for you does not count. */
      runTimeMaxMs: count(1_000, 7 * 24 * 60 * minuteMs).default(60 * minuteMs),
      /** Longest time in the queue; 0: no limit. */
      queueTimeMaxMs: count(0, 30 * 24 * 60 * minuteMs).default(0),
      /** Tasks that have not ended. */
      queueMax: count(1, 100_000).default(defaultPolicy.queueMax),
      /** Tasks of one instance that may wait for a person at once. */
      waitingMax: count(1, 1_000).default(defaultPolicy.waitingMax),
      /** A turn without any sign of progress for this long is aborted and tried again. */
      wedgedAfterMs: count(1_000, 24 * 60 * minuteMs).default(defaultPolicy.wedgedAfterMs),
      /** Ended tasks are forgotten after so many days. */
      keepDays: count(1, 3_650).default(30),
      /** `provider/model`; else OpenCode's own choice. */
      model: z.string().optional(),
      /** An agent of OpenCode; else its own choice. */
      agent: z.string().optional(),
    })
    .prefault({}),
  panes: z
    .strictObject({
      /** What a pane shows first: `thin`, the bridge's own view (10 MB), or `tui`, OpenCode's TUI of the latest session (300 MB). */
      view: z.enum(paneViewKinds).default("thin"),
    })
    .prefault({}),
});

/** The configuration file, checked, with defaults. */
export type Config = z.infer<typeof schema>;

export function defaultConfig(): Config {
  return schema.parse({});
}

/** Reads the file; defaults where there is none. CONFIG_INVALID names the file, the place and the value. */
export async function readConfig(path: string): Promise<Config> {
  const text = await readFile(path, "utf8").catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === "ENOENT") return "{}";
    throw new OctoError("CONFIG_INVALID", `${path} cannot be read: ${thrown.code ?? thrown.message}`);
  });
  return parseConfig(text, path);
}

function parseConfig(text: string, path: string): Config {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error) {
    const line = text.slice(0, error.offset).split("\n").length;
    throw new OctoError("CONFIG_INVALID", `${path}:${line}: ${printParseErrorCode(error.error)}`);
  }
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new OctoError("CONFIG_INVALID", `${path}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
}

/** What of it the core decides by. */
export function policyOf(config: Config): Policy {
  return {
    ...defaultPolicy,
    strategy: config.tasks.strategy,
    queueMax: config.tasks.queueMax,
    waitingMax: config.tasks.waitingMax,
    wedgedAfterMs: config.tasks.wedgedAfterMs,
    instancesMax: config.instances.max,
    startTimeoutMs: config.instances.startTimeoutMs,
    startsAtOnceMax: config.instances.startsAtOnceMax,
    restartsMax: config.instances.restartsMax,
    rssMaxBytes: config.instances.rssMaxBytes,
    diskFreeMinBytes: config.hosts.diskFreeMinBytes,
  };
}
