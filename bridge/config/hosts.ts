import { z } from "zod";
import { defaultPolicy } from "../core/policy";
import { count, minuteMs } from "./values";

/** What a fence needs from its limit to the end of the last tool: a dispose of 5 s, SIGTERM, SIGKILL, a census. */
const fenceMarginMs = 30_000;

export const hostsSection = z
  .strictObject({
    command: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe("Program and first arguments of OpenCode on hosts; else it is looked for there, in the PATH of the login shell first."),
    sshConfigFile: z.string().startsWith("/").optional().describe("In place of ~/.ssh/config."),
    fenceMs: count(10_000, 24 * 60 * minuteMs)
      .default(60_000)
      .describe("Without a sign of the bridge for so long, servers of hosts with `--on-partition move` end themselves."),
    partitionGraceMs: count(40_000, 25 * 60 * minuteMs)
      .default(2 * minuteMs)
      .describe("Tasks of such a host move after so long; at least 30 s more than `fenceMs`, so that nothing runs twice."),
    tlsPort: count(1, 65_535)
      .default(8080)
      .describe("The port that `tls_servers` of WezTerm listens on, on every host with `--domain tls`."),
    diskFreeMinBytes: count(0, 2 ** 50)
      .default(defaultPolicy.diskFreeMinBytes)
      .describe("Nothing is placed on a host with less free disk."),
  })
  .refine(({ fenceMs, partitionGraceMs }) => partitionGraceMs >= fenceMs + fenceMarginMs, {
    path: ["partitionGraceMs"],
    message: `must be at least ${fenceMarginMs} more than fenceMs`,
  })
  .prefault({});
