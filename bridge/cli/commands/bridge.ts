import type { Command } from "commander";
import type { HelloResult } from "../../../shared/protocol";
import type { StatusSnapshot } from "../../../shared/snapshot";
import { plural, showAge, showCost, showCount } from "../../figures";
import { inert, oneLine } from "../../inert";
import { OctoError } from "../../octo-error";
import { octoVersion } from "../../version";
import { action, type Cli } from "../cli";
import type { EnsuredBridge } from "../ensure-bridge";
import { type ExitCode, exitCodes } from "../exit-code";
import { helloIfRunning } from "../hello-if-running";
import { holdDown, isHeldDown } from "../hold-down";
import { whileTakingOver } from "../take-over";

/** An older octo, of a plugin or a script, may start its own bridge in between. */
const takeOversMax = 5;

export function addBridge(program: Command): void {
  program
    .command("up")
    .description("start the bridge, if it does not run")
    .option("--auto", "not after octo down: for programs that start it on their own")
    .option("--json", "print JSON")
    .action(
      action(async (cli: Cli, options: { readonly auto?: boolean }) => {
        if (options.auto && (await isHeldDown(cli.folders)) && !(await helloIfRunning(cli.client))) {
          await cli.print(
            { started: false, heldDown: true },
            () => "the bridge stays down, since octo down was asked for; start it with: octo up\n",
          );
          return exitCodes.bridge;
        }
        return up(cli);
      }),
    );
  program
    .command("down")
    .description("stop the bridge; instances and their work go on and are found again by the next one")
    .option("--all", "stop the instances too")
    .option("--json", "print JSON")
    .action(action(async (cli: Cli, options: { readonly all?: boolean }) => down(cli, options.all ?? false)));
  program
    .command("status")
    .description("show in short how everything is (exit code 3 when the bridge does not run)")
    .option("--json", "print JSON")
    .action(action(status));
}

/** Instances and their work go on; what the older bridge was asked is answered first, what comes meanwhile waits for the next one. */
async function up(cli: Cli): Promise<ExitCode> {
  let tookOverFrom: string | undefined;
  for (let tries = 1; ; tries += 1) {
    const older = await (await import("../end-bridge")).olderBridge(cli.client);
    const { hello, started } = older ? await takeOver(cli, older) : await cli.ensureBridge();
    tookOverFrom = older?.bridge.version ?? tookOverFrom;
    const { pid, version } = hello.bridge;
    if (version !== octoVersion && tries < takeOversMax) continue;
    const how = tookOverFrom === undefined ? (started ? "is up" : "runs already") : `took over from version ${oneLine(tookOverFrom)}`;
    const value = { started, ...(tookOverFrom === undefined ? {} : { tookOverFrom }), ...hello };
    return cli.print(value, () => `the bridge ${how}: pid ${pid}, version ${version}\n`);
  }
}

async function takeOver(cli: Cli, older: HelloResult): Promise<EnsuredBridge> {
  const { endBridge } = await import("../end-bridge");
  return whileTakingOver(cli.folders, async () => {
    await endBridge(cli.client, older, false);
    return cli.ensureBridge();
  });
}

async function down(cli: Cli, all: boolean): Promise<ExitCode> {
  // First: who sees the bridge go must not start it again.
  await holdDown(cli.folders);
  const running = await helloIfRunning(cli.client, { anyProtocol: true });
  if (!running) return cli.print({ wasRunning: false }, () => "the bridge does not run\n");
  const stoppedInstances = await (await import("../end-bridge")).endBridge(cli.client, running, all);
  const instances = all ? `, ${plural(stoppedInstances, "instance")} stopped` : "";
  return cli.print({ wasRunning: true, stoppedInstances }, () => `the bridge is down${instances}\n`);
}

async function status(cli: Cli): Promise<ExitCode> {
  try {
    const snapshot = await cli.client.call("get_status", {}, { timeoutMs: 5_000 });
    return cli.print({ running: true, status: snapshot }, () => showStatus(cli, snapshot));
  } catch (thrown) {
    if (!(thrown instanceof OctoError) || thrown.code !== "BRIDGE_NOT_RUNNING") throw thrown;
    await cli.print({ running: false }, () => "the bridge is not running; start it with: octo up\n");
    return exitCodes.bridge;
  }
}

function showStatus(cli: Cli, { bridge, counts, pause, troubled, asks }: StatusSnapshot): string {
  const { bold, dim, red, yellow } = cli.terminal.outStyle;
  const lines = [
    `bridge     ${bold("running")} for ${showAge(Date.now() - bridge.startedAtEpochMs)}, version ${oneLine(bridge.version)}, pid ${bridge.pid}`,
    `instances  ${counts.instancesReady} of ${counts.instances} ready`,
    `tasks      ${counts.running} running, ${counts.queued} queued, ${counts.succeeded} succeeded, ${counts.failed} failed`,
    `cost       ${showCost(counts.costToday)} today, ${showCount(counts.tokensToday)} tokens`,
    ...(pause === undefined ? [] : [yellow(`paused     ${oneLine(pause)}; goes on at midnight, or with octo cost --allow`)]),
    ...(bridge.storeError === undefined ? [] : [red(`store      ${inert(bridge.storeError)}`)]),
    ...troubled.map(({ name, state }) => yellow(`           ${oneLine(name)} is ${state}`)),
    ...(counts.waiting === 0 ? [] : [yellow(`waiting    ${plural(counts.waiting, "ask")}; see: octo asks`)]),
    ...asks.map(({ id, title }) => `           ${dim(id)} ${oneLine(title)}`),
  ];
  return lines.map((line) => `${line}\n`).join("");
}
