import { describe, expect, it } from "vitest";
import type { Event } from "../../bridge/core/event";
import { defaultPolicy } from "../../bridge/core/policy";
import { reduce } from "../../bridge/core/reduce";
import { emptyState } from "../../bridge/core/state";
import type { CommitBatch } from "../../bridge/ports/store";
import { type CommittedTurn, Engine, type EngineParts } from "../../bridge/runtime/engine";
import type { TaskId } from "../../shared/ids";
import { aTask } from "../core/steps";
import { MemoryDisk } from "../fakes/memory-store";
import { taskId } from "../fakes/samples";

const idOf = (name: string | number): TaskId => taskId(String(name));
const submitted = (name: string | number): Event => ({ kind: "task-submitted", task: aTask(idOf(name)) });
const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** An engine whose rounds of the event loop are made by hand. */
function anEngine(watch: (turn: CommittedTurn) => void = () => undefined, planted: Partial<EngineParts> = {}) {
  const told: (string | undefined)[] = [];
  const crashes: unknown[] = [];
  const disk = new MemoryDisk();
  const store = disk.open();
  const commits: CommitBatch[] = [];
  const rounds: (() => void)[] = [];
  const timers = new Set<() => void>();
  const engine: Engine = new Engine({
    clock: {
      monotonicMs: () => 0,
      epochMs: () => 0,
      soon(call) {
        rounds.push(call);
        return () => undefined;
      },
      after(_, call) {
        timers.add(call);
        return () => timers.delete(call);
      },
    },
    engineClock: { now: () => ({ ms: 0, epochMs: 0 }), takeGapMs: () => 0 },
    store: {
      commit(batch) {
        store.commit(batch);
        commits.push(batch);
      },
    },
    state: emptyState(defaultPolicy, 1),
    reduce,
    run: () => undefined,
    publish: watch,
    onStoreChange: () => told.push(engine.storeError?.code),
    crash: (thrown) => crashes.push(thrown),
    ...planted,
  });
  return {
    ...{ disk, engine, commits, timers, told, crashes },
    /** One round of the event loop; false when nothing was to be done. */
    round(): boolean {
      const call = rounds.shift();
      call?.();
      return call !== undefined;
    },
  };
}

const idsOf = ({ tasks }: CommitBatch): readonly string[] => tasks.map(({ id }) => id);

it("takes on what came at once in turns of a bounded size, in order, each with a round of the event loop", () => {
  const { engine, commits, round } = anEngine();
  for (const number of numbers(100)) engine.post(submitted(number));
  expect(round()).toBe(true);
  const [first] = commits;
  expect(commits).toHaveLength(1);
  expect(first && idsOf(first).length).toBeLessThan(40);
  while (round());
  expect(commits.flatMap(idsOf)).toEqual(numbers(100).map(idOf));
});

it("keeps the events of one command together, however many they are", async () => {
  const { engine, commits, round } = anEngine();
  const events = numbers(300).map(submitted);
  const done = engine.command({ events });
  engine.post(submitted("later"));
  while (round());
  await done;
  expect(commits.map(({ tasks }) => tasks.length)).toEqual([300, 1]);
});

it("answers a command no earlier than in the turn that holds it", async () => {
  const { engine, round } = anEngine();
  for (const number of numbers(100)) engine.post(submitted(number));
  const order: string[] = [];
  const done = engine
    .command({ events: [submitted("mine")] })
    .then(() => order.push(engine.state.tasks.has(idOf("mine")) ? "there" : "not"));
  round();
  await Promise.resolve();
  expect(order).toEqual([]);
  while (round());
  await done;
  expect(order).toEqual(["there"]);
});

it("refuses every command that waits when the store refuses, also behind more than one turn, and keeps all news in order", async () => {
  const { engine, disk, commits, round } = anEngine();
  disk.failNextCommit("STORE_FULL");
  for (const number of numbers(100)) engine.post(submitted(number));
  const refused = expect(engine.command({ events: [submitted("mine")] })).rejects.toMatchObject({ code: "STORE_FULL" });
  round();
  await refused;
  expect(commits).toEqual([]);
  engine.post(submitted("newer"));
  while (round());
  expect(commits.flatMap(idsOf)).toEqual([...numbers(100).map(idOf), idOf("newer")]);
  expect(engine.storeError).toBeUndefined();
});

it("tries again in one way while the store refuses, however much comes meanwhile", () => {
  const { engine, disk, timers, round } = anEngine();
  for (const number of numbers(5)) {
    disk.failNextCommit("STORE_FULL");
    engine.post(submitted(number));
    round();
  }
  expect(timers.size).toBe(1);
  engine.stop();
  expect(timers.size).toBe(0);
});

it("takes no turn twice that is stored, whatever fails after that", () => {
  const { engine, commits, round } = anEngine(() => {
    throw new Error("as planted");
  });
  engine.post(submitted("one"));
  expect(round).toThrow("as planted");
  engine.post(submitted("two"));
  expect(round).toThrow("as planted");
  expect(commits.map(idsOf)).toEqual([[idOf("one")], [idOf("two")]]);
  expect(engine.storeError).toBeUndefined();
});

it("tells once that the store refuses, and once that it takes writes again", () => {
  const { engine, disk, told, round } = anEngine();
  for (const code of ["STORE_FULL", "STORE_FULL", "STORE_FAILED"] as const) {
    disk.failNextCommit(code);
    engine.post(submitted(told.length));
    round();
  }
  for (const number of numbers(2)) {
    engine.post(submitted(`later-${number}`));
    round();
  }
  expect(told).toEqual(["STORE_FULL", "STORE_FAILED", undefined]);
});

const fault = new TypeError("x is undefined");

/** A core with a fault that shows at one task, after it has changed something. */
const faultyAt =
  (name: string): typeof reduce =>
  (state, event, now) => {
    const transition = reduce(state, event, now);
    if (event.kind === "task-submitted" && event.task.id === idOf(name)) throw fault;
    return transition;
  };

describe("a fault of octo in the reduction", () => {
  it("refuses the command that it shows at with INTERNAL, and the fault for the log's stack", async () => {
    const { engine, crashes, told, round } = anEngine(undefined, { reduce: faultyAt("bad") });
    const refused = expect(engine.command({ events: [submitted("bad")] })).rejects.toMatchObject({
      code: "INTERNAL",
      message: expect.stringMatching(/task-submitted.*x is undefined/),
      cause: fault,
    });
    while (round());
    await refused;
    expect([crashes, told]).toEqual([[], []]);
  });

  it("leaves nothing of that command, and everything of what came with it, in its order", async () => {
    const { engine, commits, round } = anEngine(undefined, { reduce: faultyAt("bad") });
    engine.post(submitted("before"));
    const refused = expect(engine.command({ events: [submitted("its first"), submitted("bad")] })).rejects.toThrow();
    engine.post(submitted("after"));
    const done = engine.command({ events: [submitted("another")] });
    while (round());
    await Promise.all([refused, done]);
    expect(commits.flatMap(idsOf)).toEqual(["before", "after", "another"].map(idOf));
    expect(engine.state.tasks.keys().toSorted()).toEqual(["before", "after", "another"].map(idOf).toSorted());
  });

  it("ends the bridge when it shows at news, once what came before them is stored", () => {
    const { engine, commits, crashes, timers, round } = anEngine(undefined, { reduce: faultyAt("bad") });
    for (const name of ["before", "bad", "after"]) engine.post(submitted(name));
    while (round());
    expect(crashes).toEqual([expect.objectContaining({ message: expect.stringMatching(/task-submitted/), cause: fault })]);
    expect(commits.flatMap(idsOf)).toEqual([idOf("before")]);
    expect(timers.size).toBe(0);
  });

  it("is told apart from the commands beside it where it shows only in what the turn is told as", async () => {
    const outbox: EngineParts["outbox"] = (_happenings, state) => {
      if (state.tasks.has(idOf("bad"))) throw fault;
      return [];
    };
    const { engine, commits, crashes, round } = anEngine(undefined, { outbox });
    const done = [engine.command({ events: [submitted("one")] }), engine.command({ events: [submitted("two")] })];
    const refused = expect(engine.command({ events: [submitted("bad")] })).rejects.toMatchObject({ code: "INTERNAL" });
    while (round());
    await Promise.all([...done, refused]);
    expect(commits.flatMap(idsOf)).toEqual([idOf("one"), idOf("two")]);
    expect(crashes).toEqual([]);
  });
});
