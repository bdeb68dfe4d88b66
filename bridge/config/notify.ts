import { z } from "zod";
import { happeningPattern } from "./hooks";
import { count, minuteMs } from "./values";

export const notifySection = z
  .strictObject({
    on: z
      .array(happeningPattern)
      .max(20)
      .default(["task.succeeded", "task.failed", "ask.opened", "instance.failed", "host.lost", "limit.reached"])
      .describe("What you are told of, by WezTerm's notifications, the bell of panes, and `command`; names and patterns as in `hooks`."),
    quietUnderMs: count(0, 24 * 60 * minuteMs)
      .default(10_000)
      .describe("A task that succeeded within so long is not told: you are most likely still looking."),
    command: z
      .array(z.string().min(1).max(10_000))
      .min(1)
      .max(100)
      .optional()
      .describe("A program and its arguments that tells you, like `notify-send`; a title and a line of text go after them."),
    bell: z.boolean().default(true).describe("Ring the terminal's bell in the panes of the instance that it is about."),
    burst: count(1, 100).default(5).describe("At most so many at once;"),
    everyMs: count(100, 60 * minuteMs)
      .default(10_000)
      .describe("then one each so many milliseconds, with the number of those left out."),
  })
  .prefault({});
