import { describe, expect, it } from "vitest";
import { interpretTurn } from "../../../bridge/adapters/opencode/turn";
import type { TurnMessage } from "../../../bridge/adapters/opencode/turn-message";
import type { TurnOutcome } from "../../../bridge/ports/opencode";
import { answer, prompt } from "./turn-messages";

const idle = { type: "idle" } as const;

function outcomeOf(...messages: readonly TurnMessage[]): TurnOutcome | string {
  const report = interpretTurn(messages, "mine", idle);
  return report.kind === "ended" ? report.outcome : report.kind;
}

describe("a turn", () => {
  it("is absent when its message is not there", () => {
    expect(outcomeOf(prompt("other", 1), answer("a", 2))).toBe("absent");
    expect(interpretTurn([], "mine", { type: "busy" })).toEqual({ kind: "absent" });
  });

  it("has succeeded when its last answer is complete and finished", () => {
    expect(outcomeOf(prompt("mine", 1), answer("a", 2, { finish: "tool-calls" }), answer("b", 3))).toEqual({ kind: "succeeded" });
  });

  it("has not succeeded because it is idle", () => {
    expect(outcomeOf(prompt("mine", 1))).toBe("stored");
    expect(outcomeOf(prompt("mine", 1), answer("a", 2, { completedAtEpochMs: undefined, finish: undefined }))).toBe("interrupted");
    expect(outcomeOf(prompt("mine", 1), answer("a", 2, { completedAtEpochMs: undefined }))).toBe("interrupted");
    expect(outcomeOf(prompt("mine", 1), answer("a", 2, { finish: undefined }))).toEqual({ kind: "aborted" });
    expect(outcomeOf(prompt("mine", 1), answer("a", 2, { finish: "tool-calls", toolFailed: true }))).toEqual({ kind: "stopped" });
  });

  it("is running while its session is busy, whatever its messages say", () => {
    expect(interpretTurn([prompt("mine", 1), answer("a", 2)], "mine", { type: "busy" })).toEqual({ kind: "running" });
  });

  it("tells that a tool of it is at work, and no longer once that has ended", () => {
    const at = (runningTools: readonly string[]) =>
      interpretTurn([prompt("mine", 1), answer("a", 2, { runningTools })], "mine", { type: "busy" });
    expect(at(["prt_1"])).toEqual({ kind: "running", toolRuns: true });
    expect(at([])).toEqual({ kind: "running" });
  });

  it("is running with a retry while its session waits for one", () => {
    const retry = { type: "retry", attempt: 2, message: "slow down", next: 5_000 } as const;
    expect(interpretTurn([prompt("mine", 1)], "mine", retry)).toEqual({
      kind: "running",
      retry: { attempt: 2, message: "slow down", nextAtEpochMs: 5_000 },
    });
  });

  it("is interrupted when all tools are done and the next step never came", () => {
    expect(outcomeOf(prompt("mine", 1), answer("a", 2, { finish: "tool-calls" }))).toBe("interrupted");
  });

  it("is truncated by the model's limit, told either way", () => {
    expect(outcomeOf(prompt("mine", 1), answer("a", 2, { finish: "length" }))).toEqual({ kind: "truncated" });
    const error = { name: "MessageOutputLengthError" };
    expect(outcomeOf(prompt("mine", 1), answer("a", 2, { finish: undefined, error }))).toEqual({ kind: "truncated" });
  });

  it("has not succeeded when a filter or an error of the provider finished it", () => {
    expect(outcomeOf(prompt("mine", 1), answer("a", 2, { finish: "content-filter" }))).toMatchObject({
      error: { code: "PROVIDER_REFUSED" },
    });
    expect(outcomeOf(prompt("mine", 1), answer("a", 2, { finish: "error" }))).toMatchObject({ error: { code: "PROVIDER_UNAVAILABLE" } });
  });

  it("adds up what its answers used and gives the last words", () => {
    const usage = { tokensIn: 10, tokensOut: 1, cost: 0.5 };
    const messages = [prompt("mine", 1), answer("a", 2, { usage, finish: "tool-calls", text: "looking" }), answer("b", 3, { usage })];
    expect(interpretTurn(messages, "mine", idle)).toMatchObject({ text: "looking", usage: { tokensIn: 20, tokensOut: 2, cost: 1 } });
  });

  it("gives at most 64 KiB of text, its end, and no half character", () => {
    const report = interpretTurn([prompt("mine", 1), answer("a", 2, { text: `${"🜁".repeat(30_000)}end` })], "mine", idle);
    const text = report.kind === "ended" ? report.text : "";
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(64 * 1024);
    expect(text).toMatch(/^🜁.*end$/u);
  });
});

describe("what belongs to a turn", () => {
  const overflown = answer("a", 2, { finish: undefined });
  const compaction = prompt("c", 3, { compaction: "automatic" });
  const summary = answer("s", 4, { summary: true, text: "summary" });

  it("goes on after a compaction with OpenCode's own message", () => {
    const messages = [
      prompt("mine", 1),
      overflown,
      compaction,
      summary,
      prompt("g", 5, { synthetic: true }),
      answer("b", 6, { text: "done" }),
    ];
    expect(interpretTurn(messages, "mine", idle)).toMatchObject({ outcome: { kind: "succeeded" }, text: "done" });
  });

  it("goes on after an overflow with a plain copy of the prompt", () => {
    const messages = [prompt("mine", 1), overflown, compaction, summary, prompt("copy", 5), answer("b", 6, { text: "done" })];
    expect(interpretTurn(messages, "mine", idle)).toMatchObject({ outcome: { kind: "succeeded" }, text: "done" });
  });

  it("goes on after a final answer when OpenCode compacted and told the model to", () => {
    const going = [compaction, summary, prompt("g", 5, { synthetic: true }), answer("b", 6, { text: "more" })];
    expect(interpretTurn([prompt("mine", 1), answer("a", 2, { text: "done" }), ...going], "mine", idle)).toMatchObject({ text: "more" });
  });

  it("is no success when the compaction is all there is", () => {
    expect(outcomeOf(prompt("mine", 1), overflown, compaction, summary)).toBe("interrupted");
    expect(outcomeOf(prompt("mine", 1), overflown, compaction)).toBe("interrupted");
    const failed = { ...summary, error: { name: "ContextOverflowError" } };
    expect(outcomeOf(prompt("mine", 1), overflown, compaction, failed)).toMatchObject({ error: { code: "CONTEXT_OVERFLOW" } });
  });

  it("keeps the answer of before when a person compacts the session afterwards", () => {
    const asked = prompt("c", 3, { compaction: "asked" });
    const messages = [
      prompt("mine", 1),
      answer("a", 2, { text: "done" }),
      asked,
      summary,
      prompt("next", 5),
      answer("b", 6, { text: "more" }),
    ];
    expect(interpretTurn(messages, "mine", idle)).toMatchObject({ outcome: { kind: "succeeded" }, text: "done" });
  });

  it("ends where a person asks for something else", () => {
    const rejected = answer("a", 2, { finish: "tool-calls", toolFailed: true });
    expect(outcomeOf(prompt("mine", 1), rejected, prompt("next", 9), answer("b", 10))).toEqual({ kind: "stopped" });
    const failed = answer("a", 2, { finish: undefined, error: { name: "ProviderAuthError" } });
    expect(outcomeOf(prompt("mine", 1), failed, prompt("next", 9), answer("b", 10))).toMatchObject({ error: { code: "PROVIDER_AUTH" } });
    const open = answer("a", 2, { completedAtEpochMs: undefined, finish: undefined });
    expect(outcomeOf(prompt("mine", 1), open, prompt("next", 9), answer("b", 10))).toBe("interrupted");
  });

  it("takes in what a person adds while it runs", () => {
    const step = answer("a", 2, { finish: "tool-calls", completedAtEpochMs: 5_000 });
    const messages = [prompt("mine", 1), step, prompt("added", 4), answer("b", 6, { text: "both" })];
    expect(interpretTurn(messages, "mine", idle)).toMatchObject({ outcome: { kind: "succeeded" }, text: "both" });
  });

  it("is found by order, not by comparing ids: a prompt from a clock ahead sorts after its answer", () => {
    const messages = [
      { ...prompt("mine", 1), id: "msg_ffff" },
      { ...answer("a", 2), id: "msg_0000" },
    ];
    expect(interpretTurn(messages, "msg_ffff", idle)).toMatchObject({ outcome: { kind: "succeeded" } });
  });
});

describe("an error of a turn", () => {
  const codes: readonly (readonly [string, { readonly name: string; readonly data?: { message?: string; statusCode?: number } }])[] = [
    ["PROVIDER_AUTH", { name: "ProviderAuthError", data: { message: "no key" } }],
    ["PROVIDER_AUTH", { name: "APIError", data: { statusCode: 401 } }],
    ["PROVIDER_AUTH", { name: "APIError", data: { statusCode: 403 } }],
    ["PROVIDER_RATE_LIMITED", { name: "APIError", data: { statusCode: 429 } }],
    ["PROVIDER_UNAVAILABLE", { name: "APIError", data: { statusCode: 503 } }],
    ["PROVIDER_UNAVAILABLE", { name: "APIError", data: { message: "Cannot connect to API" } }],
    ["PROVIDER_REFUSED", { name: "APIError", data: { statusCode: 400 } }],
    ["CONTEXT_OVERFLOW", { name: "ContextOverflowError" }],
    ["MODEL_UNKNOWN", { name: "UnknownError", data: { message: "Model not found: a/b." } }],
    ["MODEL_UNKNOWN", { name: "UnknownError", data: { message: "ProviderModelNotFoundError: Model not found: a/b.\n    at x" } }],
    ["AGENT_UNKNOWN", { name: "UnknownError", data: { message: 'Agent not found: "x". Available agents: build' } }],
    ["TURN_FAILED", { name: "UnknownError", data: { message: "UnknownError: UnknownError\n    at x" } }],
    ["TURN_FAILED", { name: "StructuredOutputError" }],
  ];

  it.each(codes)("is %s for %o", (code, error) => {
    const message = expect.not.stringContaining("\n");
    expect(outcomeOf(prompt("mine", 1), answer("a", 2, { finish: undefined, error }))).toEqual({
      kind: "failed",
      error: { code, message },
    });
  });

  it("is an abort when somebody aborted", () => {
    const error = { name: "MessageAbortedError", data: { message: "Aborted" } };
    expect(outcomeOf(prompt("mine", 1), answer("a", 2, { finish: undefined, error }))).toEqual({ kind: "aborted" });
  });
});
