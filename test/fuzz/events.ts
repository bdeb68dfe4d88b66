import fc from "fast-check";
import { expect } from "vitest";
import { EventFrames } from "../../bridge/adapters/opencode/event-frames";
import { parseServerEvent } from "../../bridge/adapters/opencode/server-event";
import { SessionFold } from "../../bridge/adapters/opencode/session-fold";
import { recordedFrames, recordingNames } from "../adapters/opencode/recordings";
import { mutated } from "./mutated";
import { fuzzSeed } from "./seed";

/** Follows that many changed events of recorded streams, cut into chunks anywhere. Gives how many were followed. */
export function fuzzEvents(count: number): number {
  const lines = recordingNames.flatMap((name) => recordedFrames(name));
  let followed = 0;
  const fold = new SessionFold();
  let nowMs = 0;
  fc.assert(
    fc.property(mutated(fc.constantFrom(...lines)), fc.nat(), (line, cut) => {
      const bytes = Buffer.from(`data: ${line}\n\n`);
      const frames = new EventFrames();
      const at = cut % bytes.length;
      nowMs += 1;
      for (const text of [...frames.feed(bytes.subarray(0, at)), ...frames.feed(bytes.subarray(at))]) {
        const event = parseServerEvent(text);
        if (!event) continue;
        followed += 1;
        expect(Array.isArray(fold.apply(event, nowMs))).toBe(true);
      }
    }),
    { numRuns: count, seed: fuzzSeed },
  );
  return followed;
}
