import { z } from "zod";
import { ruleActions } from "../../shared/ask";
import { afterTimeLimits, defaultAskPolicy } from "../core/ask-policy";
import { count, minuteMs } from "./values";

const pattern = z.string().min(1).max(1_000);

const rule = z.strictObject({
  permission: pattern.optional(),
  pattern: pattern.optional(),
  host: pattern.optional(),
  label: pattern.optional(),
  action: z.enum(ruleActions),
  message: z.string().min(1).max(4_096).optional(),
});

export const asksSection = z
  .strictObject({
    rules: z
      .array(rule)
      .max(1_000)
      .default([])
      .describe(
        "What tasks may do without you: `{permission, pattern, host, label, action, message}` with `allow`, `deny` or `ask` as action. " +
          "The first rule that matches counts; a field left out matches everything.",
      ),
    timeLimitMs: count(0, 30 * 24 * 60 * minuteMs)
      .default(defaultAskPolicy.timeLimitMs)
      .describe("How long an ask of a task waits for you; 0: no limit."),
    afterTimeLimit: z
      .enum(afterTimeLimits)
      .default(defaultAskPolicy.afterTimeLimit)
      .describe("Then: `deny` it and tell the model so, which goes on, or `wait` all the same."),
    drainWaitMs: count(0, 7 * 24 * 60 * minuteMs)
      .default(defaultAskPolicy.drainWaitMs)
      .describe("How long a drain waits for your answers; then the tasks that wait go back into the queue and ask again elsewhere."),
  })
  .prefault({});
