import { expect, test } from "vitest";
import { a, asks, error, finish, hears, one, reach, ready, submit, usage } from "./steps";
import { World } from "./world";

function placed(stage: Parameters<typeof reach>[2]): World {
  const world = new World();
  ready(world, a);
  submit(world, one);
  reach(world, one, stage);
  return world;
}

const cancel = (world: World) => world.send({ kind: "task-cancel-requested", taskId: one });
const aborted = { kind: "ended", outcome: { kind: "aborted" }, text: "", usage: usage(3) } as const;

/** The server confirms the abort, and the worktree is committed. */
function abortEnds(world: World): void {
  expect(world.stage(one)).toBe("aborting");
  world.answer(one, { kind: "turn-aborted" });
  world.answer(one, { kind: "turn-inspected", report: aborted });
  expect(world.stage(one)).toBe("collecting");
  finish(world, one);
}

test("ends a queued task at once when it is cancelled", () => {
  const world = new World();
  submit(world, one);
  cancel(world);
  expect(world.task(one).state).toMatchObject({ kind: "cancelled", error: { code: "TASK_CANCELLED" } });
});

test("waits for git before a cancelled task ends, and gives its branch free", () => {
  const world = placed("preparing");
  cancel(world);
  expect(world.stage(one)).toBe("preparing");
  const branch = { repository: "/repo", worktree: "/pool/a/0", name: "octo/1", base: "c0" };
  world.answer(one, { kind: "workspace-prepared", workspace: { directory: "/pool/a/0", branch } });
  expect(world.stage(one)).toBe("collecting");
  finish(world, one);
  expect(world.stage(one)).toBe("cancelled");
});

test("ends a cancelled task when its worktree cannot be prepared", () => {
  const world = placed("preparing");
  cancel(world);
  world.answer(one, { kind: "workspace-failed", error: error("WORKTREE_FAILED") });
  expect(world.stage(one)).toBe("cancelled");
});

test.each(["session-opened", "session-failed"] as const)(
  "ends a task cancelled while its session was opening, once it hears %s",
  (kind) => {
    const world = placed("opening");
    cancel(world);
    if (kind === "session-opened") world.answer(one, { kind, sessionId: "ses_1", messageId: "msg_1", partIds: ["prt_1"] });
    else world.answer(one, { kind, error: error("INSTANCE_UNRESPONSIVE") });
    finish(world, one);
    expect(world.stage(one)).toBe("cancelled");
    expect(world.count("send-prompt")).toBe(0);
  },
);

test("ends a task at once that is cancelled between two tries to open its session", () => {
  const world = placed("opening");
  world.answer(one, { kind: "session-failed", error: error("INSTANCE_UNRESPONSIVE") });
  cancel(world);
  finish(world, one);
  expect(world.stage(one)).toBe("cancelled");
});

test.each(["prompt-accepted", "prompt-doubtful"] as const)(
  "aborts a turn cancelled while its prompt was sent, once it hears %s",
  (kind) => {
    const world = placed("sending");
    cancel(world);
    expect(world.stage(one)).toBe("sending");
    world.answer(one, kind === "prompt-accepted" ? { kind } : { kind, error: error("INSTANCE_UNRESPONSIVE") });
    abortEnds(world);
    expect(world.stage(one)).toBe("cancelled");
  },
);

test("ends a task cancelled while its prompt was sent, when the prompt is refused", () => {
  const world = placed("sending");
  cancel(world);
  world.answer(one, { kind: "prompt-refused", error: error("SESSION_UNKNOWN") });
  finish(world, one);
  expect(world.stage(one)).toBe("cancelled");
});

test.each(["turn-started", "turn-progressed", "turn-settled", "turn-retrying", "ask-opened"] as const)(
  "aborts a turn cancelled while its prompt was sent, when the stream says %s first",
  (kind) => {
    const world = placed("sending");
    cancel(world);
    const { messageId = "" } = world.attempt(one);
    if (kind === "ask-opened") asks(world, one);
    else if (kind === "turn-started") hears(world, one, { kind, messageId });
    else if (kind === "turn-retrying")
      hears(world, one, { kind, retry: { attempt: 1, message: "busy", nextAtEpochMs: world.epochMs + 1 } });
    else hears(world, one, { kind });
    abortEnds(world);
    expect(world.stage(one)).toBe("cancelled");
  },
);

test.each(["accepted", "started"] as const)("aborts the turn of a task that is cancelled while %s", (stage) => {
  const world = placed(stage);
  cancel(world);
  abortEnds(world);
  expect(world.task(one).state).toMatchObject({ kind: "cancelled", error: { code: "TASK_CANCELLED" } });
});

test("aborts the turn of a task that is cancelled while it waits for a person, and closes its asks", () => {
  const world = placed("started");
  asks(world, one);
  cancel(world);
  abortEnds(world);
  expect(world.stage(one)).toBe("cancelled");
  expect(world.askIds()).toEqual([]);
});

test("lets a cancel beat the retry that an aborted turn was to have", () => {
  const world = placed("started");
  world.advance(world.state.policy.wedgedAfterMs);
  world.answer(one, { kind: "turn-inspected", report: { kind: "running" } });
  expect(world.attempt(one).phase).toMatchObject({ kind: "aborting", end: { next: "retry" } });
  cancel(world);
  abortEnds(world);
  expect(world.stage(one)).toBe("cancelled");
});

test("cancels a task whose turn succeeds before the abort reaches it", () => {
  const world = placed("started");
  cancel(world);
  world.answer(one, { kind: "turn-aborted" });
  world.answer(one, { kind: "turn-inspected", report: { ...aborted, outcome: { kind: "succeeded" } } });
  finish(world, one);
  expect(world.stage(one)).toBe("cancelled");
});

test("lets a success stand that was decided before the cancel", () => {
  const world = placed("started");
  hears(world, one, { kind: "turn-settled" });
  world.answer(one, { kind: "turn-inspected", report: { ...aborted, outcome: { kind: "succeeded" } } });
  cancel(world);
  finish(world, one);
  expect(world.stage(one)).toBe("succeeded");
});

test("aborts again what goes on in spite of the abort, ever later", () => {
  const world = placed("started");
  cancel(world);
  world.answer(one, { kind: "turn-aborted" });
  world.answer(one, { kind: "turn-inspected", report: { kind: "running" } });
  expect(world.advance(400)).toEqual([]);
  expect(world.advance(100).map(({ kind }) => kind)).toEqual(["abort-turn"]);
});

test("restarts an instance whose session no abort can end, after its other turns", () => {
  const world = placed("started");
  cancel(world);
  for (let tries = 0; tries < 8; tries += 1) {
    world.answer(one, { kind: "turn-inspected", report: { kind: "running" } });
    world.advance(10_000);
  }
  expect(world.instance(a).state).toMatchObject({ kind: "stopping", next: "start" });
});
