import { expect, test } from "vitest";
import { Hooks } from "../../bridge/runtime/hooks/hooks";
import { systemClock } from "../../bridge/runtime/system-clock";

test("hooks that were stopped before they began leave the store alone: it is closed by then", async () => {
  const closed = (): never => {
    throw new Error("the store is closed");
  };
  const hooks = new Hooks({
    hooks: [{ on: "task.finished", run: ["true"], timeoutMs: 1_000 }],
    commands: { run: () => Promise.reject(new Error("nothing runs")), endLeft: async () => undefined },
    log: { add: () => undefined, last: async () => [], idle: async () => undefined },
    store: { happenings: closed, settle: closed },
    clock: systemClock,
    warn: () => undefined,
  });
  await hooks.stop();
  expect(() => hooks.start()).not.toThrow();
});
