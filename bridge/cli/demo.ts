import type { TaskView } from "../../shared/task";
import { findOpenCode } from "../adapters/opencode/launcher-binary";
import type { Environment } from "../adapters/process/login-environment";
import { topics } from "../demo/demo-tasks";
import { type DemoWorld, makeDemoWorld } from "../demo/demo-world";
import { LiveView } from "../demo/live-view";
import { type DemoPlan, type DemoResult, runDemo } from "../demo/run-demo";
import { plural, showCost, showCount, showDuration } from "../figures";
import { octoFolders } from "../folders";
import { oneLine } from "../inert";
import type { Cli } from "./cli";
import { createClient } from "./client";
import { ensureBridge } from "./ensure-bridge";
import { type ExitCode, exitCodes } from "./exit-code";
import { paintOf } from "./show-task";
import { table } from "./table";

export interface DemoOptions {
  readonly tasks: number;
  readonly instances: number;
  readonly kill: boolean;
  readonly keep?: boolean;
}

/** Slots an instance: with fewer tasks than slots, a killed server's tasks find room on the other at once. */
const slots = 3;
const downTimeoutMs = 130_000;

/** Plays the whole of it in a machine of its own, and leaves nothing behind. */
export async function demo(cli: Cli, options: DemoOptions): Promise<ExitCode> {
  // Said at once: servers that cannot start would be tried again and again.
  await findOpenCode({ path: cli.environment.PATH });
  const plan: DemoPlan = { ...options, kill: options.kill && options.instances > 1 };
  const interrupted = new AbortController();
  const onInterrupt = (): void => interrupted.abort();
  process.once("SIGINT", onInterrupt);
  process.once("SIGTERM", onInterrupt);
  const world = await makeDemoWorld(given(cli.environment), topics.slice(0, plan.tasks), slots);
  let result: DemoResult | undefined;
  try {
    result = await play(cli, world, plan, interrupted.signal);
  } finally {
    process.off("SIGINT", onInterrupt);
    process.off("SIGTERM", onInterrupt);
    await world.close({ remove: options.keep !== true });
  }
  if (options.keep) cli.terminal.note(`kept: ${world.folder}\n`);
  if (!result) return exitCodes.cancelled;
  const { faults } = result;
  const code = faults.length === 0 ? exitCodes.succeeded : exitCodes.failed;
  if (cli.json) await cli.print(result, () => "");
  else cli.terminal.out(await closingText(cli, result));
  return code;
}

function given(environment: Readonly<Record<string, string | undefined>>): Environment {
  return Object.fromEntries(Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** From the start of the bridge to the end of all its instances. */
async function play(cli: Cli, world: DemoWorld, plan: DemoPlan, signal: AbortSignal): Promise<DemoResult | undefined> {
  const { terminal } = cli;
  const folders = octoFolders(world.environment);
  const client = createClient(folders.socketFile);
  const servers = plan.instances === 1 ? "one real OpenCode server" : `${plan.instances} real OpenCode servers`;
  if (!cli.json) terminal.note(`${plural(plan.tasks, "task")} on ${servers}; the model is a stand-in on this machine\n`);
  await ensureBridge({ client, folders, environment: world.environment });
  const progress = createProgress(cli);
  try {
    return await runDemo({ client, world, plan, signal }, progress);
  } finally {
    progress.end();
    await client.call("shut_down", { all: true }, { timeoutMs: downTimeoutMs });
  }
}

/** A live list on a terminal, a line a change elsewhere. */
function createProgress(cli: Cli) {
  const { terminal } = cli;
  const { noteStyle: style } = terminal;
  const view = new LiveView(process.stderr);
  const last = new Map<string, string>();
  const lineOf = (task: TaskView): string => {
    const where = task.instanceId === undefined ? "" : `on ${task.instanceId}${task.attempt > 1 ? `, attempt ${task.attempt}` : ""}`;
    return `${paintOf(task.state, style)(task.state.padEnd(9))} ${oneLine(task.title).slice(0, 48).padEnd(48)} ${style.dim(`${where}  ${oneLine(task.detail).slice(0, 40)}`)}`;
  };
  return {
    onChange(tasks: readonly TaskView[]): void {
      if (cli.json) return;
      if (view.isLive) return view.show(tasks.map(lineOf));
      for (const task of tasks) {
        const line = `${task.state.padEnd(9)} ${task.title}${task.instanceId === undefined ? "" : ` on ${task.instanceId}`}`;
        if (last.get(task.id) === line) continue;
        last.set(task.id, line);
        terminal.note(`${line}\n`);
      }
    },
    onKill(instance: { readonly name: string; readonly pid?: number | undefined }, running: number): void {
      if (cli.json) return;
      view.release();
      terminal.note(style.red(`\nSIGKILL to ${instance.name} (pid ${instance.pid}) with ${plural(running, "task")} at work on it\n\n`));
    },
    end: () => view.release(),
  };
}

async function closingText(cli: Cli, { rows, instances, turns, faults }: DemoResult): Promise<string> {
  const { outStyle: style, columns } = cli.terminal;
  const nameOf = new Map(instances.map(({ id, name }) => [id, name]));
  const cells = rows.map(({ task, fault }) => [
    { text: task.id },
    { text: task.attempts.map(({ instanceId, outcome }) => `${nameOf.get(instanceId) ?? instanceId} ${outcome}`).join(", ") },
    { text: showCount(task.usage.tokensIn + task.usage.tokensOut) },
    { text: showCost(task.usage.cost) },
    { text: task.branch?.files.join(" ") ?? "" },
    { text: showDuration(task.runMs).replace(/s$/, "") },
    { text: fault ?? "once, on its branch", paint: fault === undefined ? style.green : style.red },
  ]);
  const titles = ["TASK", "ATTEMPTS", "TOKENS", "COST", "FILES", "SECONDS", "EDITED"];
  const shown = await table(
    titles.map((title) => ({ title, align: ["TOKENS", "COST", "SECONDS"].includes(title) ? "right" : "left" })),
    cells,
    { columns, paintTitle: style.dim },
  );
  const succeeded = rows.filter(({ task, fault }) => task.state === "succeeded" && fault === undefined).length;
  const attempts = rows.reduce((sum, { task }) => sum + task.attempts.length, 0);
  const paint = faults.length === 0 ? style.green : style.red;
  const verdict = `${succeeded} of ${rows.length} tasks succeeded, ${plural(attempts, "attempt")}, ${plural(turns, "turn")} of the model\n`;
  return `\n${shown}\n${paint(verdict)}${faults.map((fault) => `${style.red(fault)}\n`).join("")}`;
}
