import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import type { TaskId } from "../../shared/ids";
import type { TaskView } from "../../shared/task";
import { first } from "../e2e/tasks";
import type { Fault } from "../fakes/opencode-server/faults";
import { parseObject, textOf } from "../fakes/opencode-server/json";
import { eventually } from "../helpers/eventually";
import { setFakeOptions } from "../helpers/fake-opencode-source";
import { type OctoWorld, octoWorld } from "../helpers/octo-world";
import { seededRandom } from "../helpers/seeded-random";
import { instancesOf } from "./strikes";
import { surely } from "./sure-client";
import { hasEnded } from "./work-load";

const tasksCount = 1_000;
const serversCount = 20;
const seed = Number(process.env.OCTO_TEST_SEED ?? Date.now() % 1_000_000);

/** Each server has them once a start: about one of twenty requests that matter goes wrong. */
const serverFaults: readonly Fault[] = [
  { kind: "prompt-answer-lost", times: 2 },
  { kind: "prompt-ignored", stored: true, times: 1 },
  { kind: "prompt-ignored", stored: false, times: 1 },
  { kind: "start-delayed", storedAfterMs: 500, busyAfterMs: 200, times: 2 },
  { kind: "events-doubled", count: 40 },
  { kind: "events-delayed", count: 20, delayMs: 400 },
  { kind: "route-broken", path: "/message", answer: "500", times: 2 },
  { kind: "route-broken", path: "/session", answer: "garbage", times: 1 },
];

/** One of twenty prompts meets a provider that refuses, stumbles or cuts. */
function promptOf(mark: string, random: () => number): string {
  const troubles = ["[[status:401:9]]", "[[status:500:1]]", "[[cut]]", "[[length]]"];
  const trouble = random() < 0.05 ? (troubles[Math.floor(random() * troubles.length)] ?? "") : "";
  return `[[task:${mark}]] ${trouble} [[bash:sleep 0.05]] [[say:done]]`;
}

test("accounts for each of 1,000 tasks on 20 servers of which much goes wrong", { timeout: 30 * 60_000 }, async () => {
  const random = seededRandom(seed);
  await using world = await octoWorld({
    start: false,
    config: { instances: { slots: 4, restartsMax: 100, startsAtOnceMax: 4 }, tasks: { isolation: "in-place" } },
  });
  await setFakeOptions(world.folder, { faults: serverFaults });
  await world.startBridge();
  await world.client.call("spawn_opencode_server", { count: serversCount });
  await eventually(async () => expect((await instancesOf(world)).map(({ state }) => state)).toEqual(Array(serversCount).fill("ready")), {
    timeoutMs: 120_000,
  });

  const ids: TaskId[] = [];
  for (let index = 0; index < tasksCount; index += 1) {
    const prompt = promptOf(`many-${index}`, random);
    ids.push((await surely(world, "distribute_task", { prompt, directory: world.repository, attemptsMax: 5 })).task.id);
    if (random() < 0.02)
      await surely(world, "cancel_task", { taskId: ids[Math.floor(random() * ids.length)] ?? first(ids) }).catch(() => undefined);
    if (random() < 0.01) await killOne(world, random);
  }
  const ends = await allEnded(world, ids);
  const by = (state: TaskView["state"]): readonly TaskView[] => ends.filter((task) => task.state === state);
  const figures = { succeeded: by("succeeded").length, failed: by("failed").length, cancelled: by("cancelled").length };
  const attempts = ends.flatMap((task) => task.attempts);
  const begun = await begunTurns(world);
  console.log(JSON.stringify({ seed, ...figures, attempts: attempts.length, turns: begun.length, codes: codesOf(ends) }));

  expect(figures.succeeded + figures.failed + figures.cancelled).toBe(tasksCount);
  for (const task of ends) if (task.state !== "succeeded") expect(task.error, task.id).toBeDefined();
  expect(new Set(begun).size).toBe(begun.length);
  const asked = new Set(attempts.map(({ messageId }) => messageId));
  for (const messageId of begun) expect(asked).toContain(messageId);
  const seen = new Set<string | undefined>(begun);
  for (const { outcome, messageId } of attempts) if (outcome === "succeeded") expect(seen).toContain(messageId);
  for (const task of by("succeeded")) expect(task.attempts.filter(({ outcome }) => outcome === "succeeded")).toHaveLength(1);
});

async function killOne(world: OctoWorld, random: () => number): Promise<void> {
  const ready = (await instancesOf(world)).filter(({ state }) => state === "ready");
  const pid = ready[Math.floor(random() * ready.length)]?.pid;
  if (pid !== undefined) process.kill(pid, "SIGKILL");
}

async function allEnded(world: OctoWorld, ids: readonly TaskId[]): Promise<readonly TaskView[]> {
  const ends: TaskView[] = [];
  for (const taskId of ids) {
    for (;;) {
      const { task } = await surely(world, "get_task", { taskId });
      if (hasEnded(task)) {
        ends.push(task);
        break;
      }
      await pause(50);
    }
  }
  return ends;
}

/** The message id of each turn that a server began, restarts included. */
async function begunTurns(world: OctoWorld): Promise<readonly string[]> {
  const lines = (await readFile(join(world.folder, "turns.jsonl"), "utf8")).split("\n");
  return lines.flatMap((line) => textOf(parseObject(line), "messageId") ?? []);
}

function codesOf(tasks: readonly TaskView[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { error } of tasks) if (error) counts[error.code] = (counts[error.code] ?? 0) + 1;
  return counts;
}
