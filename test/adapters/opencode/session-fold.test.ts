import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseServerEvent } from "../../../bridge/adapters/opencode/server-event";
import { SessionFold } from "../../../bridge/adapters/opencode/session-fold";
import type { ServerNews } from "../../../bridge/ports/opencode";
import { foldFrames, recordedFrames, recordedPrompts, recordingNames } from "./recordings";

function frame(type: string, properties: unknown): string {
  return JSON.stringify({ directory: "/project", payload: { id: "evt_1", type, properties } });
}

function session(id: string, parentID?: string): string {
  return frame("session.created", { sessionID: id, info: { id, parentID } });
}

function permission(id: string, sessionID: string): string {
  return frame("permission.asked", { id, sessionID, permission: "bash", patterns: ["ls"], metadata: {}, always: [] });
}

const idle = (sessionID: string) => frame("session.status", { sessionID, status: { type: "idle" } });
const busy = (sessionID: string) => frame("session.status", { sessionID, status: { type: "busy" } });

describe("the fold", () => {
  it("takes the news of a grandchild as its root's", () => {
    const { news } = foldFrames([session("ses_a"), session("ses_b", "ses_a"), session("ses_c", "ses_b"), permission("per_1", "ses_c")]);
    expect(news.find((item) => item.kind === "ask-opened")?.ask).toMatchObject({ sessionId: "ses_c", rootSessionId: "ses_a" });
  });

  it("does not settle a root because a child is idle", () => {
    const { news } = foldFrames([session("ses_a"), session("ses_b", "ses_a"), busy("ses_a"), busy("ses_b"), idle("ses_b")]);
    expect(news.map((item) => item.kind)).not.toContain("settled");
  });

  it("tells an ask once, however often it comes", () => {
    const { news } = foldFrames([session("ses_a"), permission("per_1", "ses_a"), permission("per_1", "ses_a")]);
    expect(news.filter((item) => item.kind === "ask-opened")).toHaveLength(1);
  });

  it("closes the asks of a session that is deleted", () => {
    const { news } = foldFrames([session("ses_a"), permission("per_1", "ses_a"), frame("session.deleted", { info: { id: "ses_a" } })]);
    expect(news.at(-1)).toEqual({ kind: "ask-closed", askId: "per_1", closing: { kind: "dropped" } });
  });

  it("survives sessions that are each other's parents", () => {
    const { news } = foldFrames([session("ses_a", "ses_b"), session("ses_b", "ses_a"), busy("ses_a"), idle("ses_a"), idle("ses_b")]);
    expect(news.length).toBeGreaterThan(0);
  });

  it("stays bounded over a flood of sessions, asks, parts and messages", () => {
    const fold = new SessionFold();
    const apply = (text: string) => {
      const event = parseServerEvent(text);
      return event === undefined ? [] : fold.apply(event, 0);
    };
    for (let index = 0; index < 12_000; index += 1) {
      apply(session(`ses_${index}`, "ses_root"));
      apply(permission(`per_${index}`, `ses_${index}`));
    }
    for (let index = 0; index < 2_000; index += 1) {
      apply(frame("message.updated", { info: { id: `msg_${index}`, sessionID: "ses_root", role: "assistant", time: { created: index } } }));
    }
    expect(fold.knows("ses_0")).toBe(false);
    expect(fold.knows("ses_11999")).toBe(true);
    expect(fold.report("ses_root", "msg_0").kind).toBe("absent");
    expect(fold.report("ses_root", "msg_1999").kind).not.toBe("absent");
    const closed = Array.from({ length: 12_000 }, (_, index) => apply(idle(`ses_${index}`)));
    expect(closed.flat().filter((item) => item.kind === "ask-closed")).toHaveLength(1_000);
  });

  it("tells a long diff whole, and cuts what is longer than 64 KiB, with a word about it and every field still there", () => {
    const told = (diff: string) => {
      const asked = {
        id: "per_1",
        sessionID: "ses_a",
        permission: "edit",
        patterns: ["a"],
        metadata: { filepath: "/a", diff },
        always: [],
      };
      const content = foldFrames([frame("permission.asked", asked)]).news.find((item) => item.kind === "ask-opened")?.ask.content;
      return content?.kind === "permission" ? content.details : [];
    };
    const long = "+".repeat(60_000);
    expect(told(long)).toEqual([
      { name: "filepath", text: "/a" },
      { name: "diff", text: long },
    ]);
    const cut = told("é".repeat(100_000));
    expect(cut).toMatchObject([{ text: "/a" }, { text: expect.stringMatching(/^é+\n… 142656 more bytes$/) }]);
    expect(Buffer.byteLength(cut.map(({ text }) => text).join())).toBeLessThanOrEqual(64 * 1024);
  });

  it("says of patterns beyond the first 256 that they are there", () => {
    const patterns = Array.from({ length: 300 }, (_, index) => `echo ${index}`);
    const asked = { id: "per_1", sessionID: "ses_a", permission: "bash", patterns, metadata: {}, always: [] };
    const content = foldFrames([frame("permission.asked", asked)]).news.find((item) => item.kind === "ask-opened")?.ask.content;
    expect(content).toMatchObject({ patterns: { length: 256 }, patternsLeftOut: 44 });
  });
});

describe("whatever the stream brings", () => {
  const corpus = recordingNames.map((name) => recordedFrames(name));
  const successful = /"completed":/;

  /** A recording with events dropped, doubled, moved or garbled. */
  const mangled = fc.record({
    frames: fc.constantFrom(...corpus),
    keep: fc.array(fc.nat(), { minLength: 0, maxLength: 80 }),
    garble: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.string({ maxLength: 3 })), { maxLength: 10 }),
  });

  function mangle({
    frames,
    keep,
    garble,
  }: {
    frames: readonly string[];
    keep: readonly number[];
    garble: readonly [number, number, string][];
  }) {
    const picked = keep.map((index) => frames[index % frames.length] ?? "");
    for (const [which, at, text] of garble) {
      const index = which % Math.max(1, picked.length);
      const frame = picked[index] ?? "";
      const place = at % Math.max(1, frame.length);
      picked[index] = frame.slice(0, place) + text + frame.slice(place + 1);
    }
    return picked;
  }

  it("never raises, and never yields success without a complete, finished answer", () => {
    fc.assert(
      fc.property(mangled, (input) => {
        const frames = mangle(input);
        const { sessionId, messageIds } = recordedPrompts(input.frames);
        const { fold } = foldFrames(frames);
        const finished = frames.some((text) => successful.test(text) && /"finish":"(?!tool-calls)/.test(text) && !/"sync"/.test(text));
        for (const messageId of messageIds) {
          const report = fold.report(sessionId, messageId);
          if (report.kind === "ended" && report.outcome.kind === "succeeded") expect(finished).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
  });

  it("gives the verdict on a reordered turn that it gives on the ordered one, once its last status is idle", () => {
    const frames = recordedFrames("tools");
    const { sessionId, messageIds } = recordedPrompts(frames);
    fc.assert(
      fc.property(fc.shuffledSubarray([...frames], { minLength: frames.length, maxLength: frames.length }), (shuffled) => {
        // The newest word on a message must stay the last: events carry no number.
        const ordered = [...shuffled].sort((a, b) => Number(/"completed":/.test(a)) - Number(/"completed":/.test(b)));
        const { fold } = foldFrames([...ordered, idle(sessionId)]);
        expect(fold.report(sessionId, messageIds[0] ?? "")).toMatchObject({ kind: "ended", outcome: { kind: "succeeded" } });
      }),
      { numRuns: 50 },
    );
  });

  it("never raises on arbitrary JSON", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.json(), fc.string()), { maxLength: 20 }), (frames) => {
        const news: readonly ServerNews[] = foldFrames(frames).news;
        expect(news).toBeInstanceOf(Array);
      }),
      { numRuns: 300 },
    );
  });

  it("never raises on the right types with arbitrary contents", () => {
    const types = ["session.created", "session.status", "session.idle", "session.error", "message.updated", "message.part.updated"];
    const asks = ["message.part.delta", "permission.asked", "question.asked", "permission.replied", "question.rejected", "session.deleted"];
    const event = fc.tuple(fc.constantFrom(...types, ...asks), fc.object({ maxDepth: 3 }));
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), (events) => {
        expect(foldFrames(events.map(([type, properties]) => frame(type, properties))).news).toBeInstanceOf(Array);
      }),
      { numRuns: 300 },
    );
  });
});
