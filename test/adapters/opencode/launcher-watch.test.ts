import { expect, test, vi } from "vitest";
import { createExitWatch } from "../../../bridge/adapters/opencode/launcher-watch";
import type { ProcessIdentity } from "../../../bridge/ports/processes";
import { measuredProcesses } from "../../fakes/measured-processes";

/** Of processes that never end by themselves: their pid is this one's, which is taken. */
const identityOf = (startTime: string): ProcessIdentity => ({ pid: process.pid, startTime, bootId: "boot" });

function watched() {
  const ended = new Set<ProcessIdentity>();
  const living = vi.fn(async (identities: readonly ProcessIdentity[]) => identities.filter((each) => !ended.has(each)));
  return { ended, living, watch: createExitWatch({ ...measuredProcesses(async () => undefined), living }) };
}

test("fifty processes are looked at together, and seldom while their pids are taken", async () => {
  vi.useFakeTimers();
  const { living, watch } = watched();
  for (let count = 1; count <= 50; count += 1) void watch.exited(identityOf(String(count)));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(living.mock.calls.length).toBeLessThanOrEqual(61);
  vi.useRealTimers();
});

test("a zombie, or a pid that is another's by now, is noticed within a second, and who follows later is watched too", async () => {
  vi.useFakeTimers();
  const { ended, watch } = watched();
  for (const identity of [identityOf("1"), identityOf("2")]) {
    const exited = vi.fn();
    void watch.exited(identity).then(exited);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(exited).not.toHaveBeenCalled();
    ended.add(identity);
    await vi.advanceTimersByTimeAsync(1_100);
    expect(exited).toHaveBeenCalledWith({ code: null, signal: null });
  }
  vi.useRealTimers();
});
