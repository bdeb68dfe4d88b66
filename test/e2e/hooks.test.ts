import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { octoFolders } from "../../bridge/folders";
import type { HookRun } from "../../shared/happening";
import { expectNoProcessesWith, processesWith } from "../helpers/census";
import { eventually } from "../helpers/eventually";
import { type OctoWorld, octoWorld, type WorldOptions } from "../helpers/octo-world";
import { ended, oneAsk, spawned, submit, until, waitsFor } from "./tasks";

const worlds: OctoWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) {
    await world[Symbol.asyncDispose]();
    await expectNoProcessesWith("OCTO_COMMANDS", octoFolders(world.environment).state);
  }
});

async function worldWith(config: WorldOptions["config"]): Promise<OctoWorld> {
  const world = await octoWorld({ config: { ...config } });
  worlds.push(world);
  return world;
}

const runsOf = async (world: OctoWorld): Promise<readonly HookRun[]> => (await world.client.call("hook_runs", {})).runs;

const told = z.looseObject({
  version: z.literal(1),
  id: z.string(),
  on: z.string(),
  at: z.iso.datetime(),
  summary: z.string(),
  task: z.looseObject({ id: z.string(), title: z.string(), directory: z.string(), branch: z.string().optional() }).optional(),
  instance: z.looseObject({ name: z.string() }).optional(),
});

/** What a hook that appends its stdin to this file was told. */
async function toldIn(file: string): Promise<readonly z.infer<typeof told>[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => told.parse(JSON.parse(line)));
}

test("tells a hook as JSON what happened to which task on which instance, once each, and nothing again after a restart of the bridge", async () => {
  const world = await worldWith({});
  const file = join(world.folder, "told");
  await world.configure({ hooks: [{ on: ["task.*", "ask.*"], run: ["sh", "-c", `cat >>'${file}'; env >'${file}.env'`] }] });
  await world.startBridge();
  const task = await submit(world, "[[ask:touch it]] fix it");
  const ask = await oneAsk(world, task);
  await world.client.call("answer_ask", { askId: ask.id, answer: { kind: "allow", scope: "once" } });
  await ended(world, task);
  const kinds = async (): Promise<readonly string[]> => (await toldIn(file)).map(({ on }) => on);
  const wanted = ["ask.answered", "ask.opened", "task.started", "task.succeeded"];
  await eventually(async () => expect([...(await kinds())].sort()).toEqual(wanted));
  const first = await toldIn(file);
  expect(first.find(({ on }) => on === "task.succeeded")).toMatchObject({
    task: { id: task.id, directory: world.repository, branch: expect.stringMatching(/^octo\//) },
  });
  const environment = await readFile(`${file}.env`, "utf8");
  expect(environment).toContain(`HOME=${world.home}`);
  expect(environment).not.toMatch(/OPENCODE|PASSWORD|OCTO_TEST_WORLD/);
  await eventually(async () => expect(await runsOf(world)).toHaveLength(first.length));
  await world.startBridge();
  const another = await submit(world, "another");
  await ended(world, another);
  await eventually(async () => expect((await toldIn(file)).map((each) => each.task?.id)).toContain(another.id));
  // Those that the killed bridge had not forgotten yet come again, under their ids.
  const ids = (await toldIn(file)).filter((each) => each.task?.id === task.id).map(({ id }) => id);
  expect(new Set(ids)).toEqual(new Set(first.map(({ id }) => id)));
});

test("runs a hook again, under the same id, that a killed bridge had not seen the end of", async () => {
  const world = await worldWith({});
  const [file, go] = [join(world.folder, "told"), join(world.folder, "go")];
  const script = `cat >>'${file}'; until test -e '${go}'; do sleep 0.05; done`;
  await world.configure({ hooks: [{ on: "task.finished", run: ["sh", "-c", script] }] });
  await world.startBridge();
  const task = await submit(world, "once");
  await eventually(async () => expect(await toldIn(file)).toHaveLength(1), { timeoutMs: 20_000 });
  await world.startBridge();
  await eventually(async () => expect(await toldIn(file)).toHaveLength(2));
  const [first, second] = await toldIn(file);
  expect(second).toEqual(first);
  expect(first?.task?.id).toBe(task.id);
  // The first one went with its bridge's successor: only one is left.
  expect(await processesWith("OCTO_COMMANDS", octoFolders(world.environment).state)).not.toHaveLength(0);
  await world.git("init", "--quiet", go);
  await eventually(async () => expect(await runsOf(world)).toMatchObject([{ outcome: "succeeded", on: "task.succeeded" }]));
});

/** How long a dozen tasks take from the first request to the last end. */
async function dozenMs(world: OctoWorld): Promise<number> {
  await spawned(world);
  await ended(world, await submit(world, "warm up"));
  const startMs = performance.now();
  const tasks = await Promise.all(Array.from({ length: 12 }, (_, index) => submit(world, `task ${index}`)));
  for (const task of tasks) await ended(world, task);
  return performance.now() - startMs;
}

const hangMs = 60_000;

test("delays no task by hooks that hang, fail, flood, fork or never read", { timeout: 90_000 }, async () => {
  const without = await dozenMs(await worldWith({}));
  const bad = [
    ["sleep", "600"],
    ["sh", "-c", "trap '' TERM; while :; do sleep 1; done"],
    ["false"],
    ["/nowhere/to/be/found"],
    ["yes", "flood"],
    ["sh", "-c", "sleep 600 & setsid sleep 600 & exit 0"],
  ];
  const world = await worldWith({ hooks: bad.map((run) => ({ on: "*", run, timeoutMs: hangMs })) });
  const withHooks = await dozenMs(world);
  console.log(`12 tasks: ${Math.round(without)} ms without hooks, ${Math.round(withHooks)} ms with six bad ones on everything`);
  expect(withHooks).toBeLessThan(without + hangMs / 4);
  const { counts } = await world.client.call("get_status", {});
  expect(counts).toMatchObject({ succeeded: 13, failed: 0 });
});

test("answers at once while its hooks hang, and takes them along when it goes down", async () => {
  const world = await worldWith({ hooks: [{ on: "task.started", run: ["sleep", "600"], timeoutMs: 600_000 }] });
  const gate = join(world.folder, "gate");
  const task = await submit(world, waitsFor(gate));
  const owner = octoFolders(world.environment).state;
  await eventually(async () => expect(await processesWith("OCTO_COMMANDS", owner)).toHaveLength(1), { timeoutMs: 20_000 });
  await world.git("init", "--quiet", gate);
  await until(world, task, (found) => expect(found.state).toBe("succeeded"));
  await world.client.call("shut_down", { all: true }, { timeoutMs: 20_000 });
  await world.bridge().ended;
  await expectNoProcessesWith("OCTO_COMMANDS", owner);
});
