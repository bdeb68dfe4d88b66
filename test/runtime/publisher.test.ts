import { expect, test } from "vitest";
import { defaultPolicy } from "../../bridge/core/policy";
import { emptyState } from "../../bridge/core/state";
import type { CommittedTurn } from "../../bridge/runtime/engine";
import { Publisher } from "../../bridge/runtime/publisher";
import type { StreamMessage } from "../../shared/stream";

test("those who stay are told once that another day has begun, and what was used up on it", () => {
  const start = emptyState(defaultPolicy, 1);
  let state = { ...start, day: { ...start.day, name: "2026-11-23" } };
  const now = { ms: 0, epochMs: 0 };
  const bridgeView = () => ({ version: "0.1.0", pid: 1, startedAtEpochMs: 0 });
  const publisher = new Publisher({ state: () => state, now: () => now, bridgeView, soon: () => () => undefined, endedBefore: [] });
  const messages: StreamMessage[] = [];
  publisher.subscribe((message) => messages.push(message));
  const none = { changedTasks: new Set<never>(), changedInstances: new Set<never>(), asksChanged: false, amendedTasks: [], happenings: [] };
  const publish = (name: string): void => {
    state = { ...state, day: { ...state.day, name } };
    const turn: CommittedTurn = { ...none, state, now };
    publisher.publish(turn);
  };
  for (const name of ["2026-11-23", "2026-11-24", "2026-11-24"]) publish(name);
  expect(messages).toEqual([{ kind: "today", revision: 2, costToday: 0 }]);
});

test("those who stay and those who poll are told that the store refuses writes, though no turn says so", () => {
  const state = emptyState(defaultPolicy, 1);
  let storeError: string | undefined;
  const bridgeView = () => ({ version: "0.1.0", pid: 1, startedAtEpochMs: 0, storeError });
  const now = () => ({ ms: 0, epochMs: 0 });
  const publisher = new Publisher({ state: () => state, now, bridgeView, soon: () => () => undefined, endedBefore: [] });
  const messages: StreamMessage[] = [];
  publisher.subscribe((message) => messages.push(message));
  const polled: (string | undefined)[] = [];
  for (const reason of ["no space", undefined]) {
    publisher.onRevisionAfter(publisher.revision, () => polled.push(publisher.statusSnapshot().bridge.storeError));
    storeError = reason;
    publisher.tellStore();
  }
  expect(messages).toEqual([
    { kind: "store", revision: 2, storeError: "no space" },
    { kind: "store", revision: 3, storeError: undefined },
  ]);
  expect(polled).toEqual(["no space", undefined]);
});
