import { z } from "zod";
import { count } from "./values";

export const resultsSection = z
  .strictObject({
    gcAfterDays: count(0, 3_650)
      .default(14)
      .describe("Branches and worktrees of merged and dropped tasks go by themselves so many days after the task's end; 0: never."),
  })
  .prefault({});
