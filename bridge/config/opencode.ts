import { z } from "zod";

export const opencodeSection = z
  .strictObject({
    command: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe("Program and first arguments; else `opencode` from the PATH, else the package beside octo."),
    env: z
      .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string())
      .default({})
      .describe("Added to the environment of every instance; its values are never shown.")
      .meta({ writeOnly: true }),
    envFile: z
      .string()
      .regex(/^(?:\/|~\/)/, "must be an absolute path, or one that begins with ~/")
      .optional()
      .describe("A file of `NAME=value` lines, added likewise, read at each start of an instance: keys stay out of the configuration."),
    database: z
      .enum(["own", "user"])
      .default("own")
      .describe("`own`: a database an instance; `user`: the user's own, shared (servers that share one lock each other out)."),
    loginShell: z.boolean().default(true).describe("Take the environment of the user's login shell (keys, PATH) for instances."),
  })
  .prefault({});
