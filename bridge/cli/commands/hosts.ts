import { type Command, InvalidArgumentError, Option } from "commander";
import { type HostDomain, hostDomains, type PartitionPolicy, partitionPolicies } from "../../../shared/host";
import { givenHostId } from "../../ids";
import { action, type Cli } from "../cli";
import { exitCodes } from "../exit-code";
import { collect, wholeNumber } from "../option-values";

/** The bridge's own limit of a check is 100 s. */
const checkTimeoutMs = 150_000;
const removeTimeoutMs = 90_000;

interface AddOptions {
  readonly user?: string;
  readonly port?: number;
  readonly label?: readonly string[];
  readonly slots?: number;
  readonly path?: Readonly<Record<string, string>>;
  readonly domain?: HostDomain;
  readonly onPartition?: PartitionPolicy;
}

export function addHosts(program: Command): void {
  const hosts = program.command("hosts").description("machines that tasks run on, reached over your own ssh: add, list, check, remove");
  hosts
    .command("list", { isDefault: true })
    .description("list the hosts and how their links are")
    .option("--json", "print JSON")
    .action(
      action(async (cli: Cli) => {
        const { hosts: all } = await cli.client.call("list_hosts", {});
        return cli.print({ hosts: all }, async () =>
          all.length === 0 ? "no hosts\n" : (await import("../show-hosts")).hostTable(all, cli.terminal),
        );
      }),
    );
  addAdd(hosts);
  hosts
    .command("check <name>")
    .description("go the way to a host step by step, and say what to do")
    .option("--json", "print JSON")
    .action(
      action(async (cli: Cli, name: string) => {
        await cli.ensureBridge();
        const { checks } = await cli.client.call("check_host", { name: givenHostId(name) }, { timeoutMs: checkTimeoutMs });
        await cli.print({ checks }, async () => (await import("../show-hosts")).checkLines(checks, cli.terminal));
        return checks.some(({ outcome }) => outcome === "fail") ? exitCodes.failed : exitCodes.succeeded;
      }),
    );
  hosts
    .command("remove <name>")
    .description("end its servers and forget the host")
    .option("--forget", "leave alone whatever runs there")
    .option("--json", "print JSON")
    .action(
      action(async (cli: Cli, name: string, { forget }: { readonly forget?: boolean }) => {
        const params = { name: givenHostId(name), forget };
        const { removedInstances } = await cli.client.call("remove_host", params, { timeoutMs: removeTimeoutMs });
        return cli.print({ removedInstances }, () => `${name} is removed\n`);
      }),
    );
}

function addAdd(hosts: Command): void {
  hosts
    .command("add <name> <address>")
    .description("add a host; the address is [user@]name as ssh takes it")
    .option("-p, --port <port>", "the port of its sshd", wholeNumber(1, 65_535))
    .option("--label <label>", "a label for placement (repeatable)", collect)
    .option("--slots <n>", "tasks at the same time, of each instance there", wholeNumber(1, 64))
    .option("--path <project=folder>", "a clone that is there already (repeatable)", collectPath)
    .addOption(new Option("--domain <kind>", "a WezTerm domain for its panes").choices(hostDomains))
    .addOption(new Option("--on-partition <what>", "what its tasks do while it cannot be reached").choices(partitionPolicies))
    .option("--json", "print JSON")
    .action(
      action(async (cli: Cli, name: string, given: string, options: AddOptions) => {
        await cli.ensureBridge();
        const split = given.lastIndexOf("@");
        const user = split < 0 ? undefined : given.slice(0, split);
        const { port, label: labels, slots, path: paths, domain, onPartition } = options;
        const params = { name: givenHostId(name), address: given.slice(split + 1), user, port, labels, slots, paths, domain, onPartition };
        const result = await cli.client.call("add_host", params);
        return cli.print(result, () => `${name} is added; \`octo hosts check ${name}\` goes the way step by step\n`);
      }),
    );
}

function collectPath(value: string, previous: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const split = value.indexOf("=");
  if (split < 1 || !/^[/~]/.test(value.slice(split + 1))) throw new InvalidArgumentError("Give project=/folder/on/the/host.");
  return { ...previous, [value.slice(0, split)]: value.slice(split + 1) };
}
