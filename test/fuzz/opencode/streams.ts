import fc from "fast-check";
import { recordedFrames, recordingNames } from "../../adapters/opencode/recordings";
import { type Change, change } from "./changes";
import { editJson, jsonEdit } from "./json-edits";
import type { RecordedAnswer } from "./recorded-answers";

/** One event stream, from its head to its end. */
export interface ChangedStream {
  readonly answer: RecordedAnswer;
  readonly change: Change | undefined;
}

const recordings = recordingNames.map((name) => recordedFrames(name));
const clean = fc.constant([]);
const edits = fc.oneof({ arbitrary: clean, weight: 3 }, { arbitrary: fc.array(jsonEdit, { minLength: 1, maxLength: 3 }), weight: 2 });
/** What may stand between the events of a stream. Source: the HTML standard, "Server-sent events". */
const between = fc.oneof(
  { arbitrary: fc.constant("\n"), weight: 12 },
  {
    arbitrary: fc.constantFrom(
      "\r\n\r\n",
      "\r",
      ": words\n\n",
      "event: x\n",
      "id: \u0000\n",
      "retry: 0\n\n",
      "data\n\n",
      "\ufeff",
      "data: {\ndata: }\n\n",
    ),
    weight: 1,
  },
);

/** Some successive events of a recorded stream, with some of them changed, some left out, and the stream itself perhaps wrong. */
export const changedStream: fc.Arbitrary<ChangedStream> = fc
  .record({
    recording: fc.constantFrom(...recordings.keys()),
    from: fc.nat(1_000),
    frames: fc.array(fc.record({ step: fc.constantFrom(1, 1, 1, 0, 2), edits, between }), { minLength: 1, maxLength: 12 }),
    change: fc.option(
      change.filter(({ kind }) => kind !== "json"),
      { nil: undefined, freq: 2 },
    ),
  })
  .map((made) => {
    const lines = recordings[made.recording] ?? [];
    let at = made.from % lines.length;
    const body = made.frames.map((frame) => {
      at = (at + frame.step) % lines.length;
      return `data: ${editJson(lines[at] ?? "", frame.edits)}\n${frame.between}`;
    });
    const answer = { route: "events", status: 200, headers: { "content-type": "text/event-stream" }, body: body.join("") };
    return { answer, change: made.change };
  });
