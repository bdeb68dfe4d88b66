import { z } from "zod";
import { count } from "./values";

export const limitsSection = z
  .strictObject({
    costPerDay: z
      .number()
      .min(0)
      .max(1_000_000)
      .default(0)
      .describe(
        "US dollars of a day, by OpenCode's own figures; once they are used up, running tasks go on and nothing more is placed until midnight, or `octo cost --allow`; 0: no limit.",
      ),
    tokensPerDay: count(0, 1_000_000_000_000)
      .default(0)
      .describe("Tokens of a day, in and out, cached ones too; as `costPerDay`. 0: no limit."),
  })
  .prefault({});
