import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { ended, first, instances, newMark, spawned, submit, until } from "../e2e/tasks";
import { eventually } from "../helpers/eventually";
import { octoWorld } from "../helpers/octo-world";

/** Longer than the pause that the engine takes for one of its own (5 s), and than the limits of both tasks. */
const stoppedMs = 8_000;

test("a bridge that is stopped while a task runs and another waits ends neither for it, and finds the turn done", {
  timeout: 60_000,
}, async () => {
  await using world = await octoWorld({ config: { instances: { slots: 1 } } });
  const server = await spawned(world);
  const mark = newMark();
  const done = `${world.folder}/${mark}`;
  const task = await submit(world, `[[task:${mark}]] [[bash:sleep 6; touch ${done}]] [[say:done]]`, { runTimeMaxMs: 5_000 });
  const waits = await submit(world, "[[say:done]]", { queueTimeMaxMs: 5_000 });
  await until(world, task, ({ detail }) => expect(detail).toBe("works"));

  process.kill(world.bridge().pid, "SIGSTOP");
  await pause(stoppedMs);
  await eventually(() => expect(existsSync(done)).toBe(true), { timeoutMs: 10_000 });
  process.kill(world.bridge().pid, "SIGCONT");

  expect(await ended(world, task)).toMatchObject({ text: "done", attempts: [{ outcome: "succeeded" }] });
  await ended(world, waits);
  expect(await world.openCode.turns(mark)).toBe(1);
  expect(first(await instances(world))).toMatchObject({ pid: server.pid, incarnation: server.incarnation });
  expect(world.bridge().log()).toContain("the bridge did not run for a while");
});
