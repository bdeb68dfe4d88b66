import { expect, test } from "vitest";
import { askId } from "../fakes/samples";
import { a, anAsk, asks, comeUp, dies, finish, hears, one, reach, ready, says, settle, submit, two, usage } from "./steps";
import { World } from "./world";

function started(slots = 4): World {
  const world = new World();
  ready(world, a, { slots });
  submit(world, one);
  reach(world, one, "started");
  return world;
}

const closes = (world: World, id: string) => {
  const ask = world.askIds().find((each) => each === id);
  if (ask) says(world, a, { kind: "ask-closed", askId: ask, closing: { kind: "answered" } });
};

test("waits for a person while an ask is open, and goes on when it is closed", () => {
  const world = started();
  asks(world, one);
  expect(world.stage(one)).toBe("waiting");
  closes(world, "per_1");
  expect(world.stage(one)).toBe("started");
  expect(world.askIds()).toEqual([]);
});

test("waits until the last of several asks is closed", () => {
  const world = started();
  asks(world, one, "per_1");
  asks(world, one, "per_2");
  closes(world, "per_1");
  expect(world.stage(one)).toBe("waiting");
  closes(world, "per_2");
  expect(world.stage(one)).toBe("started");
});

test("frees its slot while it waits, and keeps its worktree", () => {
  const world = started(1);
  submit(world, two);
  expect(world.stage(two)).toBe("queued");
  asks(world, one);
  expect(world.stage(two)).toBe("preparing");
  expect(world.attempt(two).slot).not.toBe(world.attempt(one).slot);
});

test("does not count the time that a person takes as run time", () => {
  const world = new World();
  ready(world, a);
  submit(world, one, { runTimeMaxMs: 10_000 });
  reach(world, one, "started");
  world.advance(4_000);
  asks(world, one);
  world.advance(60_000);
  says(world, a, { kind: "instance-alive" });
  closes(world, "per_1");
  world.advance(5_000);
  expect(world.stage(one)).toBe("started");
  world.advance(1_000);
  expect(world.attempt(one).phase).toMatchObject({ kind: "aborting", end: { error: { code: "TASK_TIMED_OUT" } } });
});

test("takes no more tasks on an instance where too many wait for a person", () => {
  const world = new World({ waitingMax: 1 });
  ready(world, a);
  submit(world, one);
  reach(world, one, "started");
  asks(world, one);
  submit(world, two);
  expect(world.stage(two)).toBe("queued");
});

test("passes an answer on, and waits for OpenCode to close the ask", () => {
  const world = started();
  const ask = asks(world, one);
  const answer = { kind: "allow", scope: "once" } as const;
  expect(world.send({ kind: "ask-answer-requested", askId: ask.id, answer, surface: "cli" })).toMatchObject([
    { kind: "answer-ask", ask, answer },
  ]);
  expect(world.stage(one)).toBe("waiting");
});

test("drops an answer to an ask that nobody knows", () => {
  const world = started();
  const { id } = anAsk(world, one);
  expect(world.send({ kind: "ask-answer-requested", askId: id, answer: { kind: "deny" }, surface: "cli" })).toEqual([]);
  expect(world.state.dropped).toBe(1);
});

test("goes on when the ask it waited for is not listed any more after a reconnect", () => {
  const world = started();
  asks(world, one);
  says(world, a, { kind: "stream-lost" });
  says(world, a, { kind: "stream-opened" });
  says(world, a, { kind: "asks-listed", asks: [] });
  expect(world.stage(one)).toBe("started");
  expect(world.askIds()).toEqual([]);
});

test("waits for an ask that was opened while the stream was down", () => {
  const world = started();
  says(world, a, { kind: "stream-lost" });
  says(world, a, { kind: "stream-opened" });
  says(world, a, { kind: "asks-listed", asks: [anAsk(world, one)] });
  expect(world.stage(one)).toBe("waiting");
});

test("keeps an ask that was announced while the list was on its way", () => {
  const world = started();
  says(world, a, { kind: "stream-opened" });
  asks(world, one);
  says(world, a, { kind: "asks-listed", asks: [] });
  expect(world.stage(one)).toBe("waiting");
  expect(world.askIds()).toEqual(["per_1"]);
});

test("finds a waiting task's asks again after a restart of the bridge", () => {
  const world = started();
  const ask = asks(world, one);
  world.restart();
  expect(world.stage(one)).toBe("waiting");
  says(world, a, { kind: "stream-opened" });
  says(world, a, { kind: "asks-listed", asks: [ask] });
  expect(world.stage(one)).toBe("waiting");
  closes(world, "per_1");
  expect(world.stage(one)).toBe("started");
});

test("drops a late word of an ask that is over, and a list that is older than its end", () => {
  const world = started();
  const ask = asks(world, one);
  closes(world, "per_1");
  says(world, a, { kind: "ask-opened", ask });
  says(world, a, { kind: "asks-listed", asks: [ask] });
  expect(world.stage(one)).toBe("started");
  expect(world.askIds()).toEqual([]);
  expect(world.state.dropped).toBe(2);
});

test("keeps when an ask came over a restart of the bridge", () => {
  const world = started();
  const { askedAtEpochMs } = asks(world, one);
  world.advance(5_000);
  world.restart();
  says(world, a, { kind: "stream-opened" });
  says(world, a, { kind: "asks-listed", asks: [anAsk(world, one)] });
  expect(world.state.asks.get(askId("per_1"))).toMatchObject({ askedAtEpochMs, taskId: one });
});

test("closes the asks of a dead instance, and takes no late ones", () => {
  const world = started();
  const ask = asks(world, one);
  says(world, a, { kind: "instance-exited", error: { code: "INSTANCE_EXITED", message: "" } });
  expect(world.askIds()).toEqual([]);
  says(world, a, { kind: "ask-opened", ask });
  expect(world.askIds()).toEqual([]);
  expect(world.state.dropped).toBe(1);
});

test("closes the asks of a turn that ended, and leaves those of others alone", () => {
  const world = started();
  submit(world, two);
  reach(world, two, "started");
  asks(world, two, "per_2");
  asks(world, one, "per_1");
  settle(world, one, { kind: "stopped" });
  finish(world, one);
  expect(world.askIds()).toEqual(["per_2"]);
});

test("believes a late answer about the prompt less than the turn it has seen", () => {
  const world = new World();
  ready(world, a);
  submit(world, one);
  reach(world, one, "sending");
  asks(world, one);
  world.answer(one, { kind: "prompt-doubtful", error: { code: "INSTANCE_UNRESPONSIVE", message: "" } });
  expect(world.stage(one)).toBe("waiting");
});

test("does not send a prompt again by a report that is older than the ask of its turn", () => {
  const world = new World();
  ready(world, a);
  submit(world, one);
  reach(world, one, "accepted");
  world.advance(2_000);
  asks(world, one);
  expect(world.answer(one, { kind: "turn-inspected", report: { kind: "stored" } })).toEqual([]);
  expect(world.stage(one)).toBe("waiting");
});

test("moves a waiting task when its instance dies", () => {
  const world = started();
  asks(world, one);
  dies(world, a);
  finish(world, one);
  expect(world.task(one)).toMatchObject({ attempts: [{ outcome: "lost", usage: usage(0) }], attemptsUsed: 1 });
  world.advance(0);
  comeUp(world, a);
  expect(world.stage(one)).toBe("preparing");
});

test("ends a waiting task whose turn was ended by another hand", () => {
  const world = started();
  asks(world, one);
  hears(world, one, { kind: "turn-settled" });
  world.answer(one, { kind: "turn-inspected", report: { kind: "ended", outcome: { kind: "succeeded" }, text: "done", usage: usage(7) } });
  finish(world, one);
  expect(world.task(one)).toMatchObject({ state: { kind: "succeeded" }, text: "done" });
});
