import { z } from "zod";
import { happeningKinds, matchesKind } from "../../shared/happening";
import { count, minuteMs } from "./values";

/** A pattern that names nothing would never do anything: most likely a word is misspelt. */
export const happeningPattern = z.string().refine((pattern) => happeningKinds.some((kind) => matchesKind(pattern, kind)), {
  message: `names nothing that happens; there are task.finished, ${happeningKinds.join(", ")}, and * for any letters`,
});

const command = z.array(z.string().min(1).max(10_000)).min(1).max(100);

export const hooksSection = z
  .array(
    z.strictObject({
      on: z.union([happeningPattern, z.array(happeningPattern).min(1).max(20)]).describe("What it runs on, one pattern or several."),
      run: command.describe("Program and arguments, without a shell; keep keys out of it."),
      timeoutMs: count(100, 10 * minuteMs)
        .default(30_000)
        .describe("After so long it is ended, with all that it started."),
    }),
  )
  .max(32)
  .default([])
  .describe(
    'Commands that run when something happens, each `{ "on": "task.finished", "run": ["program", "argument"], "timeoutMs": 30000 }`, with what happened as JSON on stdin. See "When something happens".',
  );
