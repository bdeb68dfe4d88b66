import fc from "fast-check";
import { expect, test } from "vitest";
import { fullBucket, nextTokenMs, takeToken } from "../bridge/token-bucket";

test("lets through a burst and then one each interval, whatever the pace of those who come", () => {
  const limits = { burst: 3, everyMs: 1_000 };
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 3_000 }), { maxLength: 200 }), (pauses) => {
      let bucket = fullBucket(limits, 0);
      let nowMs = 0;
      let taken = 0;
      for (const pauseMs of pauses) {
        nowMs += pauseMs;
        const next = takeToken(bucket, limits, nowMs);
        if (next) taken += 1;
        // When it says that there is one, there is.
        else expect(takeToken(bucket, limits, nextTokenMs(bucket, limits))).toBeDefined();
        bucket = next ?? bucket;
      }
      expect(taken).toBeLessThanOrEqual(limits.burst + Math.floor(nowMs / limits.everyMs));
    }),
  );
});
