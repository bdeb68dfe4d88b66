import { afterAll, beforeAll, expect, test } from "vitest";
import type { TaskView } from "../../shared/task";
import { sampleTask, taskId } from "../fakes/samples";
import { eventually } from "../helpers/eventually";
import type { TempFolder } from "../helpers/temp-folder";
import { builtOcto, type Octo, octo } from "./octo";

let built: TempFolder;
beforeAll(async () => {
  built = await builtOcto();
});
afterAll(() => built[Symbol.asyncDispose]());

const succeeded: Partial<TaskView> = { state: "succeeded", detail: "done", endedAtEpochMs: 1 };

function acceptTasks({ service }: Octo): void {
  service.script({
    distribute_task: async ({ prompt }) => {
      const task = sampleTask({ id: taskId("1"), title: prompt, prompt });
      service.setTask(task);
      return { task, notices: [] };
    },
  });
}

test("says why a task waits that no instance can take as things are, once", async () => {
  await using program = await octo(built);
  acceptTasks(program);
  const task = sampleTask({ id: taskId("1"), state: "queued", detail: "waits for a slot" });
  program.service.script({ why_task: async () => ({ task, lines: ["local-1: lacks the label \u0007nobody"], stuck: true }) });
  const running = program.start(["run", "x", "--label", "nobody"]);
  await eventually(() => expect(running.stderr()).toContain("local-1: lacks the label nobody"), { timeoutMs: 15_000 });
  expect(running.stderr()).toContain("octo cancel tsk_1");
  program.service.setTask({ ...task, priority: 1 });
  program.service.setTask(sampleTask({ id: taskId("1"), ...succeeded }));
  const { code, stderr } = await running.ended;
  expect(code).toBe(0);
  expect(stderr.match(/lacks the label/g)).toHaveLength(1);
});

test("says nothing of a task that only has to wait its turn", async () => {
  await using program = await octo(built);
  acceptTasks(program);
  const task = sampleTask({ id: taskId("1"), state: "queued" });
  program.service.script({ why_task: async () => ({ task, lines: ["local-1: all 4 slots are taken"], stuck: false }) });
  const running = program.start(["run", "x"]);
  await eventually(() => expect(program.service.received.map(({ method }) => method)).toContain("why_task"), { timeoutMs: 15_000 });
  program.service.setTask(sampleTask({ id: taskId("1"), ...succeeded }));
  expect((await running.ended).stderr).not.toContain("slots are taken");
});
