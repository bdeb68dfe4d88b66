import { describe, expect, it } from "vitest";
import { parseServerEvent } from "../../../bridge/adapters/opencode/server-event";
import { SessionFold } from "../../../bridge/adapters/opencode/session-fold";
import type { ServerNews, TurnOutcome } from "../../../bridge/ports/opencode";
import { foldFrames, framesOf, recordedFrames, recordedPrompts, recordedReport, recordingNames, toEventStream } from "./recordings";

const succeeded: TurnOutcome = { kind: "succeeded" };
const aborted: TurnOutcome = { kind: "aborted" };
const stopped: TurnOutcome = { kind: "stopped" };

/** What the person would say became of each recorded prompt. */
const ends: Readonly<Record<string, { readonly outcome: TurnOutcome; readonly promptIndex?: number }>> = {
  "abort-stream": { outcome: aborted },
  "abort-subagent-asking": { outcome: aborted },
  "abort-tool": { outcome: aborted },
  "error-401": { outcome: { kind: "failed", error: { code: "PROVIDER_AUTH", message: "fake error 401" } } },
  "error-500-twice": { outcome: succeeded },
  global: { outcome: succeeded },
  length: { outcome: { kind: "truncated" } },
  normal: { outcome: succeeded },
  overflow: { outcome: succeeded },
  "overflow-replay": { outcome: succeeded, promptIndex: 1 },
  "permission-always": { outcome: succeeded },
  "permission-deny": { outcome: stopped },
  "permission-once": { outcome: succeeded },
  // Rejected with a message: the model goes on.
  "permission-reject": { outcome: succeeded },
  question: { outcome: succeeded },
  "question-reject": { outcome: stopped },
  reasoning: { outcome: succeeded },
  "retry-429": { outcome: succeeded },
  steered: { outcome: succeeded },
  subagent: { outcome: succeeded },
  todo: { outcome: succeeded },
  tools: { outcome: succeeded },
};

function kindsOf(news: readonly ServerNews[]): readonly string[] {
  return news.map(({ kind }) => kind);
}

function newsOf(name: string): readonly ServerNews[] {
  return foldFrames(recordedFrames(name)).news;
}

describe("a recorded turn", () => {
  it.each(Object.entries(ends))("of %s ends as it did", (name, { outcome, promptIndex }) => {
    expect(recordedReport(recordedFrames(name), promptIndex)).toMatchObject({ kind: "ended", outcome });
  });

  it("is known for every recording", () => {
    expect(recordingNames).toEqual([...Object.keys(ends), "bad-agent", "bad-model"].sort());
  });

  it.each(Object.entries(ends))("of %s is started once, and settled at its end", (name, { promptIndex = 0 }) => {
    const frames = recordedFrames(name);
    const { sessionId, messageIds } = recordedPrompts(frames);
    const news = newsOf(name).filter((item) => !("sessionId" in item) || item.sessionId === sessionId);
    const started = news.filter((item) => item.kind === "turn-started" && item.messageId === messageIds[promptIndex]);
    expect(started).toHaveLength(1);
    expect(
      kindsOf(news)
        .filter((kind) => kind === "settled" || kind === "progress" || kind === "turn-started")
        .at(-1),
    ).toBe("settled");
  });

  it.each(Object.entries(ends))("of %s looks successful only once its last answer is complete", (name, { promptIndex = 0 }) => {
    const frames = recordedFrames(name);
    const { sessionId, messageIds } = recordedPrompts(frames);
    const complete = frames.findLastIndex((frame) => /"message.updated".*"completed":/.test(frame) && !frame.includes('"sync"'));
    const fold = new SessionFold();
    frames.slice(0, complete).forEach((frame, index) => {
      const event = parseServerEvent(frame);
      if (event !== undefined) fold.apply(event, index);
      const report = fold.report(sessionId, messageIds[promptIndex] ?? "");
      if (report.kind === "ended") expect(report.outcome.kind, `at event ${index}`).not.toBe("succeeded");
    });
  });
});

describe("the news of a recording", () => {
  it("counts what the turn used", () => {
    const last = newsOf("tools").findLast((item) => item.kind === "usage");
    expect(last).toMatchObject({ usage: { tokensIn: 3_620 + 400, tokensOut: 200 } });
    expect(last?.kind === "usage" ? last.usage.cost : 0).toBeCloseTo(0.013_98, 6);
  });

  it("counts a subagent's use as its root's", () => {
    const last = newsOf("subagent").findLast((item) => item.kind === "usage");
    expect(last).toMatchObject({ usage: { tokensIn: 400, tokensOut: 40 } });
  });

  it("counts a compaction's use as the turn's", () => {
    expect(newsOf("overflow").findLast((item) => item.kind === "usage")).toMatchObject({ usage: { tokensIn: 200, tokensOut: 20 } });
  });

  it("carries the text of answers, and neither thinking nor a compaction's summary", () => {
    const text = (name: string) =>
      newsOf(name)
        .map((item) => (item.kind === "text" ? item.delta : ""))
        .join("");
    expect(text("normal")).toMatch(/^tok0@\d+ tok1@\d+ tok2@\d+ tok3@\d+ tok4@\d+ $/);
    expect(text("reasoning")).not.toContain("thinking about it");
    expect(text("overflow")).toBe("tok0 tok1 tok2 ");
  });

  it("tells each step of a tool once, with a short title", () => {
    const bash = newsOf("tools").flatMap((item) => (item.kind === "tool" && item.name === "bash" ? [item.status] : []));
    expect(bash).toEqual(["pending", "running", "completed"]);
    const titles = newsOf("tools").flatMap((item) => (item.kind === "tool" && item.status === "completed" ? [item.title] : []));
    expect(titles).toContain("hello.txt");
  });

  it.each(["permission-once", "permission-always", "permission-reject", "question", "question-reject"])(
    "of %s waits for a person in between, before the turn settles",
    (name) => {
      const kinds = kindsOf(newsOf(name)).filter((kind) => ["ask-opened", "ask-closed", "settled"].includes(kind));
      expect(kinds.slice(0, 2)).toEqual(["ask-opened", "ask-closed"]);
      expect(kinds.at(-1)).toBe("settled");
    },
  );

  it("gives a permission with all a person needs to decide", () => {
    const ask = newsOf("permission-reject").find((item) => item.kind === "ask-opened")?.ask;
    expect(ask?.content).toMatchObject({ kind: "permission", permission: "edit", patterns: ["f2.txt"], always: ["*"] });
    expect(ask?.content.kind === "permission" ? ask.content.details.map(({ text }) => text).join() : "").toContain("+data");
  });

  it("gives a question with its options", () => {
    const ask = newsOf("question").find((item) => item.kind === "ask-opened")?.ask;
    expect(ask?.content).toMatchObject({ kind: "question", questions: [{ header: "Colour", multiple: false }] });
  });

  it("names the root session of a subagent's ask", () => {
    const frames = recordedFrames("subagent");
    const ask = foldFrames(frames).news.find((item) => item.kind === "ask-opened")?.ask;
    expect(ask?.rootSessionId).toBe(recordedPrompts(frames).sessionId);
    expect(ask?.sessionId).not.toBe(ask?.rootSessionId);
  });

  it("closes the ask that an abort left behind", () => {
    const news = newsOf("abort-subagent-asking").filter(({ kind }) => kind === "ask-opened" || kind === "ask-closed");
    expect(kindsOf(news)).toEqual(["ask-opened", "ask-closed"]);
  });

  it.each(["retry-429", "error-500-twice"])("of %s tells both retries before the end", (name) => {
    const { sessionId } = recordedPrompts(recordedFrames(name));
    const retries = newsOf(name).flatMap((item) => (item.kind === "retrying" && item.sessionId === sessionId ? [item.retry.attempt] : []));
    expect(retries).toEqual([1, 2]);
  });

  it("settles an abort twice: only at the last is the answer final", () => {
    const settled = newsOf("abort-stream").filter(({ kind }) => kind === "settled");
    // The error, the first idle, and the idle after the answer was completed.
    expect(settled).toHaveLength(3);
    expect(settled.at(-1)).toMatchObject({ error: { code: "TURN_ABORTED" } });
  });

  it("tells of an unknown model, which has no answer, by the error of its settling", () => {
    const frames = recordedFrames("bad-model");
    expect(recordedReport(frames)).toEqual({ kind: "stored" });
    const settled = newsOf("bad-model").filter(({ kind }) => kind === "settled");
    const error = { code: "MODEL_UNKNOWN", message: expect.stringContaining("Model not found: nope/x") };
    for (const item of settled) expect(item).toMatchObject({ error });
  });

  it("tells of an unknown agent, which has neither message nor idle, by the error of its settling", () => {
    const settled = newsOf("bad-agent").filter(({ kind }) => kind === "settled");
    expect(settled).toHaveLength(2);
    for (const item of settled) expect(item).toMatchObject({ error: { code: "AGENT_UNKNOWN" } });
  });

  it("forgets an error once the session is busy again", () => {
    const { news } = foldFrames([...recordedFrames("bad-model"), ...recordedFrames("bad-model").slice(0, 6)]);
    expect(news.findLast(({ kind }) => kind === "settled")).toMatchObject({ error: { code: "MODEL_UNKNOWN" } });
    const overflow = newsOf("overflow").filter((item) => item.kind === "settled");
    expect(overflow[0]).toMatchObject({ error: { code: "CONTEXT_OVERFLOW" } });
    expect(overflow.at(-1)).not.toHaveProperty("error");
  });

  it("tells progress at most once a second a session", () => {
    const { news } = foldFrames(recordedFrames("tools"));
    const events = recordedFrames("tools").length;
    expect(news.filter(({ kind }) => kind === "progress").length).toBeLessThanOrEqual(Math.ceil(events / 10));
  });
});

describe("cutting the byte stream", () => {
  const smallBytesMax = 14_000;
  const withUmlauts = toEventStream(recordedFrames("normal").map((frame) => frame.replaceAll("tok", "tök🜁")));

  function expectSameFrames(bytes: Buffer, step: number): void {
    const whole = framesOf([bytes]);
    for (let at = 0; at <= bytes.length; at += step) {
      const cut = framesOf([bytes.subarray(0, at), bytes.subarray(at)]);
      if (cut.length !== whole.length || cut.some((frame, index) => frame !== whole[index])) expect.fail(`differs when cut at byte ${at}`);
    }
  }

  // The fold sees frames only, so the same frames are the same news; the whole way is walked below.
  it.each(recordingNames)("of %s in two anywhere gives the same events", (name) => {
    const bytes = toEventStream(recordedFrames(name));
    expect(framesOf([bytes])).toEqual(recordedFrames(name));
    expectSameFrames(bytes, bytes.length <= smallBytesMax ? 1 : 97);
  });

  it("inside a character gives the same events", () => {
    expectSameFrames(withUmlauts, 1);
    const { news } = foldFrames(framesOf([...withUmlauts].map((byte) => Uint8Array.of(byte))));
    expect(news.find((item) => item.kind === "text")?.delta).toMatch(/^tök🜁0/);
  });

  it.each(recordingNames)("of %s into single bytes gives the same news", (name) => {
    const bytes = toEventStream(recordedFrames(name));
    const cut = framesOf([...bytes].map((byte) => Uint8Array.of(byte)));
    expect(foldFrames(cut).news).toEqual(newsOf(name));
  });

  it.each(recordingNames)("of %s at some places gives the same news and verdict", (name) => {
    const frames = recordedFrames(name);
    const bytes = toEventStream(frames);
    const { news } = foldFrames(frames);
    const step = Math.ceil(bytes.length / 10);
    for (let at = 1; at < bytes.length; at += step) {
      const cut = framesOf([bytes.subarray(0, at), bytes.subarray(at)]);
      expect(foldFrames(cut).news).toEqual(news);
      expect(recordedReport(cut)).toEqual(recordedReport(frames));
    }
  });
});
