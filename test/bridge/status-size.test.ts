import fc from "fast-check";
import { expect, test } from "vitest";
import { defaultPolicy } from "../../bridge/core/policy";
import { emptyState } from "../../bridge/core/state";
import { TaskTable } from "../../bridge/core/task-table";
import { Publisher } from "../../bridge/runtime/publisher";
import { shortText } from "../../bridge/runtime/short-text";
import { anInstance, aTask } from "../core/steps";
import { askId, instanceId, samplePermission, taskId } from "../fakes/samples";

// WezTerm parses JSON on the thread that draws: 0.2 ms for 1.6 KB (design 1).
const pollBytesMax = 4_096;

const endless = '漢"\\\n\u001b[31m🙂'.repeat(200);

test("what a poll brings stays under 4 KB, whatever is going on", () => {
  const instances = Array.from({ length: 40 }, (_, index) => {
    const id = instanceId(`abc${String(index).padStart(3, "0")}`);
    return [
      id,
      anInstance(id, {
        name: `oc${1_000 + index}`,
        state: { kind: "backoff", restartAtMs: 0, error: { code: "INTERNAL", message: endless } },
      }),
    ] as const;
  });
  const asks = Array.from({ length: 40 }, (_, index) => {
    const id = askId(`per_${"x".repeat(26)}${index}`);
    const details = [{ name: "command", text: endless }];
    const content = { kind: "permission", permission: endless, patterns: [endless], patternsLeftOut: 0, always: [], details } as const;
    return [id, { ...samplePermission({ id, content }), openedAtMs: 0 }] as const;
  });
  const ended = Array.from({ length: 40 }, (_, index) => {
    const id = taskId(`abcdef${String(index).padStart(2, "0")}`);
    return aTask(id, { title: endless, state: { kind: "succeeded", endedAtEpochMs: 1_700_000_000_000 } });
  });
  const state = { ...emptyState(defaultPolicy, 1), instances: new Map(instances), asks: new Map(asks) };
  const now = { ms: 1, epochMs: 1_700_000_000_000 };
  const publisher = new Publisher({
    state: () => state,
    now: () => now,
    bridgeView: () => ({ version: "10.20.30", pid: 4_000_000, startedAtEpochMs: now.epochMs, storeError: endless }),
    soon: () => () => undefined,
    endedBefore: [],
  });
  publisher.publish({
    state: { ...state, tasks: TaskTable.of(ended) },
    changedTasks: new Set(ended.map(({ id }) => id)),
    changedInstances: new Set(),
    asksChanged: false,
    amendedTasks: [],
    happenings: [],
    now,
  });
  for (let index = 0; index < 4; index += 1) {
    const id = `instance.restarted/ins_abcdef/123456789${index}.123`;
    publisher.show({ id, on: "instance.restarted", title: endless, text: endless, instanceId: "ins_abcdef" });
  }
  const snapshot = publisher.statusSnapshot();
  expect(snapshot).toMatchObject({ troubled: { length: 8 }, asks: { length: 5 }, ends: { length: 5 }, notices: { length: 2 } });
  const panes = Array.from({ length: 16 }, (_, index) => ({ paneId: 10_000 + index, instanceId: "ins_abcdef" }));
  expect(Buffer.byteLength(JSON.stringify({ ...snapshot, panes }))).toBeLessThanOrEqual(pollBytesMax);
});

test("a short text is cut between characters, to its bytes as JSON", () => {
  expect(shortText("fix the parser", 100)).toBe("fix the parser");
  expect(shortText("漢字漢字漢字", 12)).toBe("漢字漢…");
  expect(shortText("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 30)).toBe("👩‍👩‍👧‍👦…");
  expect(shortText('a\n"b"', 100)).toBe('a "b"');
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), fc.integer({ min: 10, max: 200 }), (text, bytesMax) => {
      expect(Buffer.byteLength(JSON.stringify(shortText(text, bytesMax))) - 2).toBeLessThanOrEqual(bytesMax);
    }),
  );
});
