import { expect, test } from "vitest";
import type { AskPolicy } from "../../bridge/core/ask-policy";
import { defaultAskPolicy } from "../../bridge/core/ask-policy";
import type { AskAnswer } from "../../shared/ask";
import { a, anAsk, asks, b, dies, error, finish, one, reach, ready, says, submit, two } from "./steps";
import { World } from "./world";

const allow: AskAnswer = { kind: "allow", scope: "once" };
const minuteMs = 60_000;

function started(policy: Partial<AskPolicy> = {}): World {
  const world = new World({ asks: { ...defaultAskPolicy, ...policy } });
  ready(world, a);
  submit(world, one);
  reach(world, one, "started");
  return world;
}

function answers(world: World, answer: AskAnswer = allow) {
  const [askId] = world.askIds();
  if (!askId) throw new Error("nothing is asked");
  return world.send({ kind: "ask-answer-requested", askId, answer, surface: "cli" });
}

function closes(world: World, closing: Parameters<typeof says>[2] & { readonly kind: "ask-closed" }) {
  return says(world, a, closing);
}

/** The server goes on living, as a real one does. */
function lives(world: World, ms: number) {
  const effects = [];
  for (let restMs = ms; restMs > 0; restMs -= 10_000) {
    effects.push(...world.advance(Math.min(restMs, 10_000)));
    says(world, a, { kind: "instance-alive" });
  }
  return effects;
}

test("an answer that was given is given again after a crash of the bridge, until OpenCode has it", () => {
  const world = started();
  const ask = asks(world, one);
  expect(answers(world)).toMatchObject([{ kind: "answer-ask" }]);
  world.restart();
  says(world, a, { kind: "stream-opened" });
  expect(says(world, a, { kind: "asks-listed", asks: [ask] })).toMatchObject([{ kind: "answer-ask", answer: allow }]);
  closes(world, { kind: "ask-closed", askId: ask.id, closing: { kind: "delivered" } });
  expect(world.stage(one)).toBe("started");
  expect(world.audits).toMatchObject([{ askId: ask.id, by: { kind: "person", surface: "cli" }, answer: allow, confirmed: true }]);
});

test("an answer that does not get through is sent again, and a person may give another", () => {
  const world = started();
  const { id } = asks(world, one);
  answers(world);
  expect(answers(world, { kind: "deny" })).toEqual([]);
  says(world, a, { kind: "ask-answer-failed", askId: id });
  expect(world.advance(1_000)).toMatchObject([{ kind: "answer-ask", answer: allow }]);
  says(world, a, { kind: "ask-answer-failed", askId: id });
  expect(answers(world, { kind: "deny" })).toMatchObject([{ kind: "answer-ask", answer: { kind: "deny" } }]);
  closes(world, { kind: "ask-closed", askId: id, closing: { kind: "answered", answer: { kind: "deny" } } });
  expect(world.audits).toMatchObject([{ by: { kind: "person" }, answer: { kind: "deny" } }]);
});

test("what a rule allows holds nothing up: the task keeps its slot, and the trail names the rule", () => {
  const world = started({ rules: [{ pattern: "npm *", action: "allow" }] });
  const effects = says(world, a, { kind: "ask-opened", ask: anAsk(world, one) });
  expect(effects).toMatchObject([{ kind: "answer-ask", answer: allow }]);
  expect(world.stage(one)).toBe("started");
  const [askId] = world.askIds();
  if (askId) closes(world, { kind: "ask-closed", askId, closing: { kind: "delivered" } });
  expect(world.audits).toMatchObject([{ by: { kind: "rule", rule: "rule 1 (*: npm *)" }, taskId: one, confirmed: true }]);
});

test("a rule's answer that does not get through makes the task wait, and lets a person answer", () => {
  const world = started({ rules: [{ action: "allow" }] });
  const ask = asks(world, one);
  says(world, a, { kind: "ask-answer-failed", askId: ask.id });
  expect(world.stage(one)).toBe("waiting");
  expect(answers(world)).toMatchObject([{ kind: "answer-ask" }]);
});

test("rules do not answer for a person in a session of their own", () => {
  const world = started({ rules: [{ action: "allow" }], timeLimitMs: minuteMs });
  asks(world, one, "per_1", { rootSessionId: "ses_mine", sessionId: "ses_mine" });
  lives(world, 10 * minuteMs);
  expect(world.count("answer-ask")).toBe(0);
});

test("an ask that nobody answers is denied when its time is up, with a message so that the model goes on", () => {
  const world = started({ timeLimitMs: 10 * minuteMs });
  asks(world, one);
  expect(lives(world, 10 * minuteMs - 1)).toEqual([]);
  expect(world.advance(1)).toMatchObject([{ kind: "answer-ask", answer: { kind: "deny", message: expect.stringContaining("600 s") } }]);
});

test("the time of an ask goes on where it was when the bridge comes back", () => {
  const world = started({ timeLimitMs: 10 * minuteMs });
  const ask = asks(world, one);
  lives(world, 9 * minuteMs);
  world.restart();
  says(world, a, { kind: "stream-opened" });
  says(world, a, { kind: "asks-listed", asks: [ask] });
  lives(world, minuteMs);
  expect(world.count("answer-ask")).toBe(1);
});

test("waits for ever where the policy says so", () => {
  const world = started({ timeLimitMs: minuteMs, afterTimeLimit: "wait" });
  asks(world, one);
  lives(world, 60 * minuteMs);
  expect(world.stage(one)).toBe("waiting");
  expect(world.count("answer-ask")).toBe(0);
});

test("a drain does not wait for ever for a person: the task goes back into the queue, and asks again elsewhere", () => {
  const world = started({ drainWaitMs: 5 * minuteMs });
  asks(world, one);
  world.send({ kind: "instance-stop-requested", instanceId: a, next: "start", drain: true });
  lives(world, 5 * minuteMs - 1);
  ready(world, b);
  expect(world.stage(one)).toBe("waiting");
  world.advance(1);
  expect(world.stage(one)).toBe("aborting");
  world.answer(one, { kind: "turn-aborted" });
  world.answer(one, { kind: "turn-inspected", report: { kind: "interrupted", usage: { tokensIn: 1, tokensOut: 1, cost: 0 } } });
  finish(world, one);
  expect(world.instance(a).state.kind).toBe("stopping");
  expect(world.attempt(one)).toMatchObject({ instanceId: b });
  expect(world.task(one)).toMatchObject({ attemptsUsed: 0, attempts: [{ outcome: "lost", error: { code: "INSTANCE_DRAINED" } }] });
  expect(world.audits).toMatchObject([{ by: { kind: "nobody" } }]);
});

test("a task that begins to wait late in a drain waits no longer than the drain does", () => {
  const world = started({ drainWaitMs: minuteMs });
  world.send({ kind: "instance-stop-requested", instanceId: a, next: "stay", drain: true });
  lives(world, 2 * minuteMs);
  expect(world.stage(one)).toBe("started");
  asks(world, one);
  expect(world.stage(one)).toBe("aborting");
});

test("the trail tells an answer given in OpenCode itself from one of octo's", () => {
  const world = started();
  const { id } = asks(world, one);
  answers(world, { kind: "deny" });
  closes(world, { kind: "ask-closed", askId: id, closing: { kind: "answered", answer: { kind: "allow", scope: "always" } } });
  expect(world.audits).toMatchObject([{ by: { kind: "opencode" }, answer: { kind: "allow", scope: "always" }, confirmed: true }]);
});

test("the trail says of an answer whose server died that nobody knows whether it arrived", () => {
  const world = started();
  asks(world, one);
  answers(world);
  dies(world, a);
  expect(world.audits).toMatchObject([{ by: { kind: "person" }, answer: allow, confirmed: false }]);
});

test("the trail has one entry an ask, also for those that vanished while no bridge ran", () => {
  const world = started();
  submit(world, two);
  reach(world, two, "started");
  asks(world, one, "per_1");
  asks(world, two, "per_2");
  world.restart();
  says(world, a, { kind: "stream-opened" });
  says(world, a, { kind: "asks-listed", asks: [] });
  says(world, a, { kind: "instance-exited", error: error("INSTANCE_EXITED") });
  expect(world.audits.map(({ askId, by }) => [askId, by.kind])).toEqual([
    ["per_1", "unknown"],
    ["per_2", "unknown"],
  ]);
});
