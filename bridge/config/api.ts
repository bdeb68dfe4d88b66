import { z } from "zod";
import { count } from "./values";

export const apiSection = z
  .strictObject({
    requestsPerSecond: count(1, 100_000)
      .default(1_000)
      .describe("What one client may ask of the bridge in the long run; five seconds' worth at once."),
  })
  .prefault({});
