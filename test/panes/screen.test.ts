import { expect, test } from "vitest";
import { type FrameSink, Screen } from "../../bridge/panes/screen";
import { Screens } from "../../bridge/panes/screens";
import type { AskAnswer } from "../../shared/ask";
import { instanceId, sampleInstance, samplePermission, sampleTask, taskId } from "../fakes/samples";
import { scriptedService } from "../fakes/scripted-service";
import { eventually } from "../helpers/eventually";

const target = { kind: "instance", id: instanceId("0001") } as const;
const size = { columns: 80, rows: 12 };

class Sink implements FrameSink {
  readonly written: string[] = [];
  full = false;
  drain: () => void = () => undefined;

  write(text: string): boolean {
    this.written.push(text);
    return !this.full;
  }

  onDrain(call: () => void): void {
    this.drain = call;
  }

  get text(): string {
    return this.written.join("");
  }
}

function service() {
  const made = scriptedService();
  made.setInstance(sampleInstance());
  made.setTask(sampleTask({ id: taskId("a"), instanceId: target.id, state: "running", title: "first" }));
  made.setTask(sampleTask({ id: taskId("b"), instanceId: target.id, state: "running", title: "second", submittedAtEpochMs: 1 }));
  return made;
}

const now = () => performance.now();

test("draws everything at once, then only what changed", async () => {
  const bridge = service();
  const screen = new Screen(bridge, now);
  const sink = new Sink();
  screen.show({ target, size, palette: "none", sink });
  expect(sink.written).toHaveLength(1);
  expect(sink.text).toMatch(/local-1[\s\S]*first[\s\S]*second/);
  bridge.setTask(sampleTask({ id: taskId("b"), instanceId: target.id, state: "running", title: "changed", submittedAtEpochMs: 1 }));
  await eventually(() => expect(sink.written).toHaveLength(2));
  expect(sink.written[1]).toContain("changed");
  expect(sink.written[1]).not.toContain("first");
  screen.hide();
});

test("rings for what its instance's person is told, and for nothing else", () => {
  const bridge = service();
  const screen = new Screen(bridge, now);
  const sink = new Sink();
  screen.show({ target, size, palette: "none", sink });
  const notice = { id: "task.failed/a", on: "task.failed", title: "octo: task failed", text: "first failed" };
  bridge.ring({ ...notice, instanceId: instanceId("other") });
  bridge.ring(notice);
  expect(sink.written).toHaveLength(1);
  bridge.ring({ ...notice, instanceId: target.id });
  expect(sink.written.slice(1)).toEqual(["\u0007"]);
  screen.hide();
});

test("draws at most ten frames a second, and the last state in the end", async () => {
  const bridge = service();
  const screen = new Screen(bridge, now);
  const sink = new Sink();
  const startMs = now();
  screen.show({ target, size, palette: "none", sink });
  for (let index = 0; index < 300; index += 1) {
    bridge.say(taskId("a"), { kind: "text", text: `word${index} ` });
    if (index % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await eventually(() => expect(sink.text).toContain("word299"));
  expect(sink.written.length).toBeLessThanOrEqual(2 + Math.ceil((now() - startMs) / 100));
  screen.hide();
});

test("writes nothing when nothing on the screen changed", async () => {
  const bridge = service();
  const screen = new Screen(bridge, now);
  const sink = new Sink();
  screen.show({ target, size, palette: "none", sink });
  bridge.setTask(sampleTask({ id: taskId("elsewhere"), instanceId: instanceId("0002"), state: "running" }));
  bridge.setAsks([]);
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(sink.written).toHaveLength(1);
  screen.hide();
});

test("waits for a terminal that lags, and then draws the latest state only", async () => {
  const bridge = service();
  const screen = new Screen(bridge, now);
  const sink = new Sink();
  sink.full = true;
  screen.show({ target, size, palette: "none", sink });
  for (const title of ["one", "two", "three"]) {
    bridge.setTask(sampleTask({ id: taskId("a"), instanceId: target.id, state: "running", title }));
    await new Promise((resolve) => setTimeout(resolve, 120));
  }
  expect(sink.written).toHaveLength(1);
  sink.full = false;
  sink.drain();
  await eventually(() => expect(sink.written).toHaveLength(2));
  expect(sink.written[1]).toContain("three");
  expect(sink.written[1]).not.toContain("one");
  screen.hide();
});

test("listens to the selected task alone, and to nothing once it is hidden", async () => {
  const bridge = service();
  bridge.say(taskId("b"), { kind: "text", text: "said before" });
  const screen = new Screen(bridge, now);
  const sink = new Sink();
  screen.show({ target, size, palette: "none", sink });
  // One subscription, one task's output.
  expect(bridge.listeners()).toBe(2);
  await eventually(() => {
    screen.press("j");
    expect(sink.text).toContain("said before");
  });
  expect(bridge.listeners()).toBe(2);
  bridge.say(taskId("a"), { kind: "text", text: "unheard" });
  screen.hide();
  screen.hide();
  expect(bridge.listeners()).toBe(0);
  expect(sink.text).not.toContain("unheard");
});

test("takes no key in its first moments, nor while it is hidden", () => {
  let nowMs = 1_000;
  const screen = new Screen(service(), () => nowMs);
  expect(screen.press("q")).toBeUndefined();
  screen.show({ target, size, palette: "none", sink: new Sink() });
  nowMs += 299;
  expect(screen.press("q")).toBeUndefined();
  nowMs += 1;
  expect(screen.press("q")).toEqual({ kind: "quit" });
  screen.hide();
  expect(screen.press("q")).toBeUndefined();
  // Shown again, as after a change of its size, it is there at once.
  screen.show({ target, size, palette: "none", sink: new Sink() });
  expect(screen.press("q")).toEqual({ kind: "quit" });
  screen.hide();
});

test("follows the wishes of others about its cursor, and tells where it is", () => {
  const shown: unknown[] = [];
  let wish = (_: ReturnType<typeof taskId>): void => undefined;
  const cursor = {
    shows: (id: unknown) => void shown.push(id),
    onWish: (call: typeof wish) => {
      wish = call;
      call(taskId("b"));
      return () => undefined;
    },
  };
  const screen = new Screen(service(), now);
  screen.show({ target, size, palette: "none", cursor, sink: new Sink() });
  expect(shown).toEqual([taskId("b")]);
  wish(taskId("a"));
  expect(screen.selected()).toBe(taskId("a"));
  screen.hide();
});

test("gives answers to the bridge and shows what came of them", async () => {
  const bridge = service();
  const answers: AskAnswer[] = [];
  const ask = samplePermission({ taskId: taskId("a") });
  bridge.setAsks([ask]);
  bridge.script({
    answer_ask: async ({ answer }) => {
      answers.push(answer);
      return { ask };
    },
  });
  let nowMs = 0;
  const screens = new Screens({ service: bridge, nowMs: () => nowMs, requestId: () => "r1", sayError: String });
  const sink = new Sink();
  const hide = screens.show("pane", { target, size, palette: "none", sink });
  nowMs = 1_000;
  expect(screens.press("pane", "a")).toBeUndefined();
  await eventually(() => expect(sink.text).toContain("allowed once"));
  expect(answers).toEqual([{ kind: "allow", scope: "once" }]);
  bridge.script({ answer_ask: () => Promise.reject(new Error("it is gone")) });
  nowMs = 2_000;
  screens.press("pane", "r");
  await eventually(() => expect(sink.text).toContain("it is gone"));
  hide();
  expect(bridge.listeners()).toBe(0);
});

test("a screen shown anew by its client is not hidden by the end of its earlier stream", () => {
  const bridge = service();
  let nowMs = 0;
  const screens = new Screens({ service: bridge, nowMs: () => nowMs, requestId: () => "r1", sayError: String });
  const hideFirst = screens.show("pane", { target, size, palette: "none", sink: new Sink() });
  nowMs = 1_000;
  screens.press("pane", "j");
  const second = new Sink();
  const hideSecond = screens.show("pane", { target, size: { columns: 40, rows: 10 }, palette: "none", sink: second });
  hideFirst();
  expect(bridge.listeners()).toBe(2);
  // The cursor stayed where it was.
  expect(second.text).toMatch(/› ▶ second/);
  hideSecond();
  expect(bridge.listeners()).toBe(0);
});
