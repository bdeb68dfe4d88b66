import { setTimeout as pause } from "node:timers/promises";
import type { Command } from "commander";
import type { InstanceView } from "../../../shared/instance";
import { givenHostId } from "../../ids";
import { OctoError } from "../../octo-error";
import { action, type Cli } from "../cli";
import { findInstances } from "../find";
import { collect, wholeNumber } from "../option-values";

/** A little more than the bridge's own limit of a call: its answer says more than ours would. */
const slowCallTimeoutMs = 130_000;

interface SpawnOptions {
  readonly count?: number;
  readonly port?: number;
  readonly slots?: number;
  readonly label?: readonly string[];
  readonly host?: string;
}

export function addInstances(program: Command): void {
  program
    .command("instances")
    .description("list the OpenCode servers")
    .option("--json", "print JSON")
    .action(
      action(async (cli: Cli) => {
        const { instances } = await cli.client.call("list_opencode_servers", {});
        return cli.print({ instances }, () => (instances.length === 0 ? "no instances\n" : instanceTable(instances, cli)));
      }),
    );
  program
    .command("spawn")
    .description("start OpenCode servers")
    .option("-c, --count <n>", "how many", wholeNumber(1, 64))
    .option("-p, --port <port>", "the port of a single one", wholeNumber(1_024, 65_535))
    .option("--slots <n>", "tasks at the same time, each", wholeNumber(1, 64))
    .option("--label <label>", "a label for placement (repeatable)", collect)
    .option("--host <name>", "on this host")
    .option("--json", "print JSON")
    .action(
      action(async (cli: Cli, { count, port, slots, label, host }: SpawnOptions) => {
        await cli.ensureBridge();
        const params = { count, port, slots, labels: label, host: host === undefined ? undefined : givenHostId(host) };
        const { instances } = await cli.client.call("spawn_opencode_server", params, { timeoutMs: slowCallTimeoutMs });
        return cli.print({ instances }, () => instanceTable(instances, cli));
      }),
    );
  addChange(program, "drain", "let instances finish their work and take no more", "drain_instance");
  addRestart(program);
  addChange(program, "stop", "stop instances; their tasks move to others", "stop_instance");
}

function addChange(program: Command, name: string, description: string, method: "drain_instance" | "stop_instance"): void {
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
        return cli.print({ instances: changed }, () => instanceTable(changed, cli));
      }),
    );
}

const rollingTimeoutMs = 2 * 60 * 60_000;
const lookEveryMs = 250;

function addRestart(program: Command): void {
  program
    .command("restart [instance...]")
    .description("restart instances (with --rolling one after the other, each once its tasks have ended)")
    .option("--rolling", "drain and restart one at a time; without names all of them")
    .option("--json", "print JSON")
    .action(
      action(async (cli: Cli, given: readonly string[], { rolling = false }: { readonly rolling?: boolean }) => {
        if (given.length === 0 && !rolling)
          throw new OctoError("REQUEST_INVALID", "restart: name the instances, or give --rolling for all");
        const { instances } = await cli.client.call("list_opencode_servers", {});
        const chosen = given.length > 0 ? await findInstances(cli.client, given) : instances.filter(({ state }) => state !== "stopped");
        const changed: InstanceView[] = [];
        for (const { id } of chosen) {
          const { instance } = await cli.client.call(
            "restart_instance",
            { instanceId: id, drain: rolling },
            { timeoutMs: slowCallTimeoutMs },
          );
          changed.push(rolling ? await readyAgain(cli, instance) : instance);
        }
        return cli.print({ instances: changed }, () => instanceTable(changed, cli));
      }),
    );
}

/** Until its next start is ready: only then is the next one drained, so most of them always work. */
async function readyAgain(cli: Cli, before: InstanceView): Promise<InstanceView> {
  if (!cli.json) cli.terminal.note(`${before.name} drains, then restarts\n`);
  const endAtMs = performance.now() + rollingTimeoutMs;
  while (performance.now() < endAtMs) {
    const { instances } = await cli.client.call("list_opencode_servers", {});
    const now = instances.find(({ id }) => id === before.id);
    if (!now) throw new OctoError("INSTANCE_UNKNOWN", `${before.id} was removed meanwhile`);
    if (now.state === "failed") throw new OctoError("INSTANCE_NOT_READY", `${now.name} did not start again: ${now.error?.message ?? ""}`);
    if (now.incarnation > before.incarnation && now.state === "ready") return now;
    await pause(lookEveryMs);
  }
  throw new OctoError("INSTANCE_NOT_READY", `${before.name} was not ready again in time`);
}

async function instanceTable(instances: readonly InstanceView[], { terminal }: Cli): Promise<string> {
  return (await import("../show-instances")).instanceTable(instances, terminal);
}
