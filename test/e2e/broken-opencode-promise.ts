import { expect } from "vitest";
import type { OctoWorld } from "../helpers/octo-world";
import { ended, instanceIn, submit, untilState } from "./tasks";

/** In a world whose OpenCode does not start before `mend`: the instance says why, and so does the task that waits for it, which then runs. */
export async function expectToWaitUntil(world: OctoWorld, code: string, told: RegExp, mend: () => Promise<void>): Promise<void> {
  const task = await submit(world, "[[say:at last]]");
  const failed = await instanceIn(world, "failed");
  expect(failed.error).toMatchObject({ code, message: expect.stringMatching(told) });
  await untilState(world, task, "queued");
  const { lines } = await world.client.call("why_task", { taskId: task.id });
  expect(lines).toEqual([expect.stringMatching(told)]);
  expect(lines[0]).toContain(`octo restart ${failed.name}`);
  await mend();
  await world.client.call("restart_instance", { instanceId: failed.id });
  expect(await ended(world, task)).toMatchObject({ text: "at last", attempts: [{ outcome: "succeeded" }] });
}
