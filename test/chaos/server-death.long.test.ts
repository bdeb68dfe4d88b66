import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { sendSignal } from "../../bridge/send-signal";
import { instances, newMark, submit, until } from "../e2e/tasks";
import { eventually } from "../helpers/eventually";
import { octoWorld } from "../helpers/octo-world";
import { killServer, type ServerDeath, victim } from "./strikes";

const deathsCount = 3;
/** Beside octo's own: what runs on a person's machine. Before a task moves, the bridge looks through all of them. */
const othersCount = 400;

test("a dead server is noticed within 2 s, and its tasks run elsewhere within 2 s of that, on a machine with much else", {
  timeout: 120_000,
}, async () => {
  await using _others = await otherProcesses();
  await using world = await octoWorld({ config: { instances: { restartsMax: 100 } } });
  await world.client.call("spawn_opencode_server", { count: 3 });
  const deaths: ServerDeath[] = [];
  for (let death = 0; death < deathsCount; death += 1) {
    await eventually(async () => expect((await instances(world)).map(({ state }) => state)).toEqual(["ready", "ready", "ready"]), {
      timeoutMs: 60_000,
    });
    const tasks = [];
    for (let index = 0; index < 6; index += 1) tasks.push(await submit(world, `[[task:${newMark()}]] [[bash:sleep 4]] [[say:done]]`));
    for (const task of tasks) await until(world, task, ({ detail }) => expect(detail).toBe("works"));
    const server = await victim(world, () => 0);
    if (!server) throw new Error("no server has work");
    deaths.push(await killServer(world, server));
    for (const task of tasks) await until(world, task, ({ state }) => expect(state).toBe("succeeded"));
  }
  console.log(JSON.stringify(deaths));
  expect(Math.max(...deaths.map(({ noticedMs }) => noticedMs))).toBeLessThan(2_000);
  expect(Math.max(...deaths.map(({ movedMs }) => movedMs ?? Number.NaN))).toBeLessThan(2_000);
});

async function otherProcesses(): Promise<AsyncDisposable> {
  const script = `i=0; while [ $i -lt ${othersCount} ]; do sleep 600 & i=$((i+1)); done; echo; wait`;
  const child = spawn("sh", ["-c", script], { detached: true, stdio: ["ignore", "pipe", "ignore"] });
  const ended = once(child, "close");
  await once(child.stdout, "data");
  return {
    async [Symbol.asyncDispose]() {
      sendSignal({ groupId: child.pid }, "SIGKILL");
      await ended;
    },
  };
}
