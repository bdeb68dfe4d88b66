import type { Command } from "commander";
import type { InstanceView } from "../../../shared/instance";
import { action, type Cli } from "../cli";
import { findInstances } from "../find";
import { collect, wholeNumber } from "../option-values";
import { instanceTable } from "../show-instances";

/** A little more than the bridge's own limit of a call: its answer says more than ours would. */
const slowCallTimeoutMs = 130_000;

interface SpawnOptions {
  readonly count?: number;
  readonly port?: number;
  readonly slots?: number;
  readonly label?: readonly string[];
}

export function addInstances(program: Command): void {
  program
    .command("instances")
    .description("list the OpenCode servers")
    .option("--json", "print JSON")
    .action(
      action(async (cli: Cli) => {
        const { instances } = await cli.client.call("list_opencode_servers", {});
        return cli.print({ instances }, () => (instances.length === 0 ? "no instances\n" : instanceTable(instances, cli.terminal)));
      }),
    );
  program
    .command("spawn")
    .description("start OpenCode servers")
    .option("-c, --count <n>", "how many", wholeNumber(1, 64))
    .option("-p, --port <port>", "the port of a single one", wholeNumber(1_024, 65_535))
    .option("--slots <n>", "tasks at the same time, each", wholeNumber(1, 64))
    .option("--label <label>", "a label for placement (repeatable)", collect)
    .option("--json", "print JSON")
    .action(
      action(async (cli: Cli, { count, port, slots, label }: SpawnOptions) => {
        await cli.ensureBridge();
        const params = { count, port, slots, labels: label };
        const { instances } = await cli.client.call("spawn_opencode_server", params, { timeoutMs: slowCallTimeoutMs });
        return cli.print({ instances }, () => instanceTable(instances, cli.terminal));
      }),
    );
  addChange(program, "drain", "let instances finish their work and take no more", "drain_instance");
  addChange(program, "restart", "restart instances", "restart_instance");
  addChange(program, "stop", "stop instances; their tasks move to others", "stop_instance");
}

function addChange(
  program: Command,
  name: string,
  description: string,
  method: "drain_instance" | "restart_instance" | "stop_instance",
): void {
  program
    .command(`${name} <instance...>`)
    .description(description)
    .option("--json", "print JSON")
    .action(
      action(async (cli: Cli, given: readonly string[]) => {
        const changed: InstanceView[] = [];
        // All are found before the first is changed: a mistyped name changes nothing.
        for (const { id } of await findInstances(cli.client, given)) {
          const { instance } = await cli.client.call(method, { instanceId: id }, { timeoutMs: slowCallTimeoutMs });
          changed.push(instance);
        }
        return cli.print({ instances: changed }, () => instanceTable(changed, cli.terminal));
      }),
    );
}
