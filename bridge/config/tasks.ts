import { z } from "zod";
import { ruleActions } from "../../shared/ask";
import { isolations, strategies } from "../../shared/task";
import { defaultPolicy } from "../core/policy";
import { count, minuteMs } from "./values";

export const tasksSection = z
  .strictObject({
    strategy: z
      .enum(strategies)
      .default(defaultPolicy.strategy)
      .describe("How an instance is chosen: `round-robin`, `least-loaded` or `random`."),
    isolation: z.enum(isolations).default("worktree").describe("`worktree`: a branch of its own; `in-place`: the folder itself."),
    attemptsMax: count(1, 100).default(3).describe("How often a task is tried."),
    runTimeMaxMs: count(1_000, 7 * 24 * 60 * minuteMs)
      .default(60 * minuteMs)
      .describe("Longest run time of one attempt; waiting for you does not count."),
    queueTimeMaxMs: count(0, 30 * 24 * 60 * minuteMs)
      .default(0)
      .describe("Longest time in the queue; 0: no limit."),
    queueMax: count(1, 100_000).default(defaultPolicy.queueMax).describe("Tasks that have not ended."),
    waitingMax: count(1, 1_000).default(defaultPolicy.waitingMax).describe("Tasks of one instance that may wait for a person at once."),
    wedgedAfterMs: count(1_000, 24 * 60 * minuteMs)
      .default(defaultPolicy.wedgedAfterMs)
      .describe("A turn without any sign of progress for this long, and without a tool at work, is aborted and tried again."),
    keepDays: count(1, 3_650).default(30).describe("Ended tasks are forgotten after so many days."),
    permissions: z
      .array(z.strictObject({ permission: z.string().min(1).max(200), pattern: z.string().min(1).max(1_000), action: z.enum(ruleActions) }))
      .max(256)
      .default([])
      .describe(
        "What sessions may do, over OpenCode's own configuration: `{permission, pattern, action}` with `allow`, `deny` or `ask`; the last " +
          "rule that matches counts.",
      ),
    model: z.string().optional().describe("`provider/model`; else OpenCode's own choice."),
    agent: z.string().optional().describe("An agent of OpenCode; else its own choice."),
  })
  .prefault({});
