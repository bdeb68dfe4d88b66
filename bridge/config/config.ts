import { z } from "zod";
import { defaultPolicy, type Policy } from "../core/policy";
import { apiSection } from "./api";
import { asksSection } from "./asks";
import { hooksSection } from "./hooks";
import { hostsSection } from "./hosts";
import { instancesSection } from "./instances";
import { limitsSection } from "./limits";
import { logsSection } from "./logs";
import { notifySection } from "./notify";
import { opencodeSection } from "./opencode";
import { panesSection } from "./panes";
import { projectsSection } from "./projects";
import { resultsSection } from "./results";
import { tasksSection } from "./tasks";

/**
 * The whole configuration: a file a section. Every field has its meaning by `describe`, last in its chain: README's table and
 * `octo config schema` are made of it.
 */
export const configSchema = z.strictObject({
  $schema: z.string().optional().describe("Where an editor finds `octo config schema`; octo itself does not read it."),
  opencode: opencodeSection,
  instances: instancesSection,
  hosts: hostsSection,
  tasks: tasksSection,
  results: resultsSection,
  limits: limitsSection,
  projects: projectsSection,
  asks: asksSection,
  panes: panesSection,
  notify: notifySection,
  hooks: hooksSection,
  api: apiSection,
  logs: logsSection,
});

/** The configuration file, checked, with defaults. */
export type Config = z.infer<typeof configSchema>;

export function defaultConfig(): Config {
  return configSchema.parse({});
}

/** What of it the core decides by. */
export function policyOf(config: Config): Policy {
  return {
    ...defaultPolicy,
    strategy: config.tasks.strategy,
    queueMax: config.tasks.queueMax,
    waitingMax: config.tasks.waitingMax,
    wedgedAfterMs: config.tasks.wedgedAfterMs,
    instancesMax: config.instances.max,
    startTimeoutMs: config.instances.startTimeoutMs,
    startsAtOnceMax: config.instances.startsAtOnceMax,
    restartsMax: config.instances.restartsMax,
    rssMaxBytes: config.instances.rssMaxBytes,
    diskFreeMinBytes: config.hosts.diskFreeMinBytes,
    dayCostMax: config.limits.costPerDay,
    dayTokensMax: config.limits.tokensPerDay,
    asks: config.asks,
  };
}
