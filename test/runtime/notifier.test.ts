import { expect, test } from "vitest";
import { defaultConfig } from "../../bridge/config/config";
import { Notifier } from "../../bridge/runtime/notify/notifier";
import type { HappeningKind, HappeningView } from "../../shared/happening";
import type { Notice } from "../../shared/notice";
import { VirtualTime } from "../simulation/virtual-time";

let count = 0;

function view(on: HappeningKind, more: { readonly runMs?: number; readonly ask?: string } = {}): HappeningView {
  count += 1;
  const task = {
    ...{ id: `tsk_${count}`, title: "fix it", prompt: "fix it", directory: "/repo", state: "succeeded", attempt: 1 },
    ...{ runMs: more.runMs ?? 60_000, tokensIn: 0, tokensOut: 0, cost: 0, text: "" },
  };
  const ask = more.ask === undefined ? undefined : { id: more.ask, kind: "permission", title: "bash" };
  return { version: 1, id: `${on}/${count}`, on, at: "2026-11-23T10:00:00.000Z", summary: `number ${count}`, task, ask };
}

function start(change: Partial<ReturnType<typeof defaultConfig>["notify"]> = {}) {
  const time = new VirtualTime();
  const told: Notice[] = [];
  const clock = {
    monotonicMs: () => time.nowMs,
    epochMs: () => time.nowMs,
    after: time.after.bind(time),
    soon: (call: () => void) => time.after(0, call),
  };
  const notifier = new Notifier({ config: { ...defaultConfig().notify, ...change }, clock, tell: (notice) => void told.push(notice) });
  return { time, told, notifier };
}

test("tells what is wanted and nothing else", () => {
  const { told, notifier } = start();
  notifier.note([view("task.started"), view("task.failed"), view("ask.answered"), view("host.lost"), view("task.cancelled")]);
  expect(told.map(({ on }) => on)).toEqual(["task.failed", "host.lost"]);
});

test("leaves out a success that came at once, never a failure", () => {
  const { told, notifier } = start({ quietUnderMs: 5_000 });
  notifier.note([view("task.succeeded", { runMs: 4_999 }), view("task.succeeded", { runMs: 5_000 }), view("task.failed", { runMs: 1 })]);
  expect(told.map(({ on }) => on)).toEqual(["task.succeeded", "task.failed"]);
});

test("tells a burst, then the number of those left out, and goes on at its pace", () => {
  const { time, told, notifier } = start({ burst: 2, everyMs: 10_000 });
  notifier.note(Array.from({ length: 9 }, () => view("task.failed")));
  expect(told).toHaveLength(2);
  while (time.step());
  expect(time.nowMs).toBe(10_000);
  expect(told.at(-1)).toMatchObject({ on: "more", text: expect.stringMatching(/^7 more/) });
  notifier.note([view("task.failed")]);
  expect(told).toHaveLength(3);
  while (time.step());
  expect(told.at(-1)?.text).toMatch(/^1 more/);
  time.nowMs += 60_000;
  notifier.note([view("task.failed")]);
  expect(told.at(-1)).toMatchObject({ on: "task.failed", text: expect.not.stringContaining("more") });
});

test("grants WezTerm's notification of what it tells, by ask or by task and end, and of nothing else", () => {
  const { notifier } = start({ burst: 2 });
  const [failed, quick] = [view("task.failed"), view("task.succeeded", { runMs: 1 })];
  notifier.note([failed, quick, view("ask.opened", { ask: "per_1" }), view("ask.opened", { ask: "per_2" })]);
  expect(notifier.mayToast(`${failed.task?.id} failed`)).toBe(true);
  expect(notifier.mayToast("per_1")).toBe(true);
  expect(notifier.mayToast(`${quick.task?.id} succeeded`)).toBe(false);
  expect(notifier.mayToast("per_2")).toBe(false);
  notifier.stop();
});
