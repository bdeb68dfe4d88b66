import { z } from "zod";
import { count, minuteMs } from "./values";

/** Arguments, or a text for `sh -c`. */
const command = z.union([z.array(z.string().min(1)).min(1), z.string().min(1)]);

/** A path below the project's root. */
const inside = z
  .string()
  .min(1)
  .refine((path) => path.split("/").every((name) => !["", ".", ".."].includes(name)), "must be a plain path inside it, like config/.env");

const project = z.strictObject({
  setup: command.optional(),
  setupTimeoutMs: count(1_000, 60 * minuteMs).default(10 * minuteMs),
  copyFiles: z.array(inside).max(100).default([]),
  teardown: command.optional(),
});

/** By the path of a repository's root: `*` stands for one name, `**` for any number of them. */
export const projectsSection = z
  .record(z.string().startsWith("/"), project)
  .default({})
  .describe(
    "By the absolute path of a repository (`*`: one name, `**`: any): `setup`, a command (array, or text for sh) run in each worktree once, and again when it or a copied file changes; `setupTimeoutMs`; `copyFiles`, ignored files to copy there, like `.env`; `teardown`, run before a worktree is removed. Tasks of such a project run on this machine.",
  );
