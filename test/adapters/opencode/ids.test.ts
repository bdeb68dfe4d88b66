import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createIds } from "../../../bridge/adapters/opencode/ids";
import { reconnectDelayMs } from "../../../bridge/adapters/opencode/reconnect";

describe("ids", () => {
  it("have OpenCode's own format", () => {
    const next = createIds(() => 1_795_411_081_958);
    // The time of a recorded message, and the same digits.
    expect(next("msg")).toMatch(/^msg_206d6fae6001[0-9A-Za-z]{14}$/);
    expect(next("prt")).toMatch(/^prt_206d6fae6002[0-9A-Za-z]{14}$/);
  });

  it("grow, also within a millisecond, over its 4096th, and when the clock goes back", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 50 }), (steps) => {
        let nowMs = 1_795_411_081_958;
        const next = createIds(() => nowMs);
        const ids: string[] = [];
        for (const step of steps) {
          nowMs += step;
          for (let count = 0; count < 200; count += 1) ids.push(next("msg").slice(0, 16));
        }
        expect(ids).toEqual([...new Set(ids)].sort());
      }),
      { numRuns: 30 },
    );
  });
});

describe("coming back to a stream", () => {
  const policy = { delayMinMs: 250, delayMaxMs: 5_000, stableMs: 0, random: () => 0 };

  it("is tried at once, then later and later up to a limit", () => {
    expect([1, 2, 3, 4, 5, 6, 7, 1_000].map((failures) => reconnectDelayMs(failures, policy))).toEqual([
      0, 250, 500, 1_000, 2_000, 4_000, 5_000, 5_000,
    ]);
  });

  it("is spread by up to half", () => {
    expect(reconnectDelayMs(3, { ...policy, random: () => 0.999 })).toBeCloseTo(250, 0);
  });
});
