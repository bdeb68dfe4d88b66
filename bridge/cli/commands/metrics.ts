import type { Command } from "commander";
import { action, type Cli } from "../cli";
import { parseMetrics } from "../parse-metrics";

export function addMetrics(program: Command): void {
  program
    .command("metrics")
    .description("print what the bridge counts and times, in Prometheus' text format")
    .option("--json", "print JSON")
    .action(
      action(async (cli: Cli) => {
        const text = await cli.client.metrics();
        return cli.print({ samples: parseMetrics(text) }, () => text);
      }),
    );
}
