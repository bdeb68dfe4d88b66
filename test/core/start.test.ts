import { expect, test } from "vitest";
import { a, b, comeUp, error, finish, hears, one, reach, ready, says, settle, submit, usage } from "./steps";
import { World } from "./world";

function placed(stage: Parameters<typeof reach>[2]): World {
  const world = new World();
  ready(world, a);
  submit(world, one);
  reach(world, one, stage);
  return world;
}

const inspects = (world: World, kind: "absent" | "stored" | "running") => world.answer(one, { kind: "turn-inspected", report: { kind } });

test("prepares a worktree, opens a session, sends the prompt, and believes only the turn", () => {
  const world = placed("accepted");
  expect(world.asked.map(({ kind }) => kind).slice(-3)).toEqual(["prepare-workspace", "open-session", "send-prompt"]);
  expect(world.stage(one)).toBe("accepted");
  hears(world, one, { kind: "turn-started", messageId: world.attempt(one).messageId ?? "" });
  expect(world.stage(one)).toBe("started");
});

test("asks the server about an accepted prompt whose turn is not seen within two seconds", () => {
  const world = placed("accepted");
  expect(world.advance(1_999)).toEqual([]);
  expect(world.advance(1).map(({ kind }) => kind)).toEqual(["inspect-turn"]);
});

test.each(["absent", "stored"] as const)("sends the same prompt again, by the same id, when the server has it %s", (kind) => {
  const world = placed("accepted");
  const { messageId } = world.attempt(one);
  world.advance(2_000);
  const [again] = inspects(world, kind);
  expect(again).toMatchObject({ kind: "send-prompt", task: { state: { attempt: { messageId, sends: 2 } } } });
});

test("does not send again what the server runs already", () => {
  const world = placed("accepted");
  world.advance(2_000);
  inspects(world, "running");
  expect(world.stage(one)).toBe("started");
  expect(world.count("send-prompt")).toBe(1);
});

test("gives up after six sendings, once an abort has made sure that the turn never begins", () => {
  const world = placed("accepted");
  for (let sends = 1; sends < 6; sends += 1) {
    world.advance(120_000);
    inspects(world, "stored");
    world.answer(one, { kind: "prompt-accepted" });
  }
  world.advance(120_000);
  expect(inspects(world, "stored").map(({ kind }) => kind)).toEqual(["abort-turn"]);
  for (let second = 0; second <= 6; second += 1) {
    world.answer(one, { kind: "turn-aborted" });
    inspects(world, "stored");
    world.advance(1_000);
  }
  finish(world, one);
  expect(world.task(one)).toMatchObject({ attempts: [{ outcome: "failed", error: { code: "PROMPT_NOT_STARTED" } }], attemptsUsed: 1 });
});

test("asks before it sends again when nobody knows whether the prompt arrived", () => {
  const world = placed("sending");
  const asked = world.answer(one, { kind: "prompt-doubtful", error: error("INSTANCE_UNRESPONSIVE") });
  expect(asked.map(({ kind }) => kind)).toEqual(["inspect-turn"]);
});

test("makes sure that an earlier sending begins nothing when a later one is refused", () => {
  const world = placed("sending");
  world.answer(one, { kind: "prompt-doubtful", error: error("INSTANCE_UNRESPONSIVE") });
  inspects(world, "absent");
  expect(world.answer(one, { kind: "prompt-refused", error: error("STORE_FAILED") }).map(({ kind }) => kind)).toEqual(["abort-turn"]);
});

test("fails at once when the server refuses the first prompt for good", () => {
  const world = placed("sending");
  world.answer(one, { kind: "prompt-refused", error: error("OPENCODE_PROJECT_CONFIG_BROKEN") });
  finish(world, one);
  expect(world.task(one).state).toMatchObject({ kind: "failed", error: { code: "OPENCODE_PROJECT_CONFIG_BROKEN" } });
});

test("takes an error that is heard while the prompt is on its way for no answer to it: the turn before may have left it", () => {
  const world = new World();
  ready(world, a);
  submit(world, one);
  reach(world, one, "sending");
  expect(hears(world, one, { kind: "turn-settled", error: error("PROVIDER_UNAVAILABLE") })).toEqual([]);
  expect(world.stage(one)).toBe("sending");
  expect(world.answer(one, { kind: "prompt-accepted" }).map(({ kind }) => kind)).toEqual(["inspect-turn"]);
  world.answer(one, { kind: "turn-inspected", report: { kind: "running" } });
  expect(world.stage(one)).toBe("started");
});

test("reports the error of the session when a wrong model left nothing behind", () => {
  const world = placed("accepted");
  hears(world, one, { kind: "turn-settled", error: error("MODEL_UNKNOWN") });
  inspects(world, "stored");
  finish(world, one);
  expect(world.task(one).state).toMatchObject({ kind: "failed", error: { code: "MODEL_UNKNOWN" } });
});

test("believes the stream when it is faster than the answer to the prompt", () => {
  const world = placed("sending");
  hears(world, one, { kind: "turn-progressed" });
  world.answer(one, { kind: "prompt-accepted" });
  expect(world.stage(one)).toBe("started");
});

test("tries five times to open a session, ever later, then fails the attempt", () => {
  const world = placed("opening");
  for (const delayMs of [1_000, 2_000, 3_000, 4_000]) {
    world.answer(one, { kind: "session-failed", error: error("INSTANCE_UNRESPONSIVE") });
    expect(world.advance(delayMs - 1)).toEqual([]);
    says(world, a, { kind: "instance-alive" });
    expect(world.advance(1).map(({ kind }) => kind)).toEqual(["open-session"]);
  }
  world.answer(one, { kind: "session-failed", error: error("INSTANCE_UNRESPONSIVE") });
  finish(world, one);
  expect(world.task(one)).toMatchObject({ state: { kind: "queued" }, attemptsUsed: 1 });
});

test("opens a fresh session under a new id when the one to go on with is gone", () => {
  const world = placed("started");
  says(world, a, { kind: "instance-exited", error: error("INSTANCE_EXITED") });
  says(world, a, { kind: "instance-swept" });
  finish(world, one);
  world.advance(0);
  comeUp(world, a);
  reach(world, one, "sending");
  expect(world.attempt(one).resumes).toBeDefined();
  world.answer(one, { kind: "prompt-refused", error: error("SESSION_UNKNOWN") });
  expect(world.attempt(one)).toMatchObject({ phase: { kind: "opening" }, resumes: undefined, sessionId: undefined, sends: 0 });
});

test.each(["WORKTREE_FAILED", "BRANCH_CHECKED_OUT"] as const)("tries again elsewhere only what can go better there: %s", (code) => {
  const world = placed("preparing");
  world.answer(one, { kind: "workspace-failed", error: error(code) });
  expect(world.stage(one)).toBe(code === "WORKTREE_FAILED" ? "queued" : "failed");
});

test("goes to another instance for the next attempt when there is one", () => {
  const world = placed("started");
  ready(world, b);
  settle(world, one, { kind: "failed", error: error("PROVIDER_UNAVAILABLE") }, usage(1));
  finish(world, one);
  world.advance(1_000);
  expect(world.attempt(one).instanceId).toBe(b);
});
