import { once } from "node:events";
import { createServer } from "node:http";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { quietEnvironment, standInConfig } from "../../bridge/demo/stand-in/config";
import { parseScript } from "../../bridge/demo/stand-in/directives";
import { type StandIn, startStandIn } from "../../bridge/demo/stand-in/server";
import { eventually } from "../helpers/eventually";

let standIn: StandIn;

beforeEach(async () => {
  standIn = await startStandIn();
});

afterEach(() => standIn.stop());

interface Message {
  readonly role: string;
  readonly content: string;
  readonly tool_calls?: readonly unknown[];
}

const user = (content: string): Message => ({ role: "user", content });
const toolStep: readonly Message[] = [
  { role: "assistant", content: "", tool_calls: [{}] },
  { role: "tool", content: "done" },
];

function post(messages: readonly Message[], options: { readonly session?: string; readonly signal?: AbortSignal } = {}): Promise<Response> {
  return fetch(`${standIn.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-session-id": options.session ?? "ses_1" },
    body: JSON.stringify({ model: "model", stream: true, messages }),
    signal: options.signal ?? AbortSignal.timeout(10_000),
  });
}

const chunkSchema = z.object({
  choices: z.array(
    z.object({
      delta: z.object({
        content: z.string().optional(),
        tool_calls: z.array(z.object({ function: z.object({ name: z.string(), arguments: z.string() }) })).optional(),
      }),
      finish_reason: z.string().nullable(),
    }),
  ),
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }).optional(),
});

async function complete(...messages: readonly Message[]) {
  const body = await (await post(messages)).text();
  const data = body.split("\n\n").flatMap((frame) => (frame.startsWith("data: ") ? [frame.slice("data: ".length)] : []));
  const chunks = data.filter((item) => item !== "[DONE]").map((item) => chunkSchema.parse(JSON.parse(item)));
  const choices = chunks.flatMap((chunk) => chunk.choices);
  return {
    text: choices.map((choice) => choice.delta.content ?? "").join(""),
    calls: choices
      .flatMap((choice) => choice.delta.tool_calls ?? [])
      .map((call) => ({ ...call.function, arguments: JSON.parse(call.function.arguments) })),
    finish: choices.map((choice) => choice.finish_reason).find((reason) => reason !== null),
    usage: chunks.at(-1)?.usage,
    done: data.at(-1) === "[DONE]",
  };
}

const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

describe("the stand-in's answers", () => {
  it("answers a prompt without directives with a short text and the tokens used", async () => {
    const answer = await complete(user("hello"));
    expect(answer).toMatchObject({ finish: "stop", done: true, calls: [] });
    expect(answer.text).toContain("stand-in");
    expect(answer.usage?.prompt_tokens).toBeGreaterThan(0);
    expect(answer.usage?.completion_tokens).toBeGreaterThan(0);
  });

  it("follows the newest user message, in order", async () => {
    const answer = await complete(
      user("[[say:old]]"),
      { role: "assistant", content: "old" },
      user("please [[say:a ]] and [[slow:2:1]] [[say:z]]"),
    );
    expect(answer).toMatchObject({ text: "a word1 word2 z", finish: "stop" });
  });

  it("ends an answer with a tool call and goes on after its result", async () => {
    const prompt = user("[[say:first]] [[bash:echo hi]] [[write:a.txt|x|y\\nz]] [[say:last]]");
    expect(await complete(prompt)).toMatchObject({
      text: "first",
      calls: [{ name: "bash", arguments: { command: "echo hi" } }],
      finish: "tool_calls",
    });
    expect(await complete(prompt, ...toolStep)).toMatchObject({
      text: "",
      calls: [{ name: "write", arguments: { filePath: "a.txt", content: "x|y\nz" } }],
    });
    expect(await complete(prompt, ...toolStep, ...toolStep)).toMatchObject({ text: "last", finish: "stop", calls: [] });
  });

  it("leaves a child's directives to the child", async () => {
    const answer = await complete(user("[[child:[[task:kid]] [[say:deep]]]] [[say:parent]]"));
    expect(answer).toMatchObject({ text: "", calls: [{ name: "task", arguments: { prompt: "[[task:kid]] [[say:deep]]" } }] });
    expect(standIn.turns().size).toBe(0);
  });

  it("ends with the finish reason length", async () => {
    expect(await complete(user("[[say:half]] [[length]] [[say:never]]"))).toMatchObject({ text: "half", finish: "length" });
  });

  it("refuses a directive it cannot read, and names it", async () => {
    const response = await post([user("[[slow:many]]")]);
    expect(response.status).toBe(400);
    expect(errorSchema.parse(await response.json()).error.message).toBe("[[slow:many]] should be [[slow:words:gapMs]]");
  });

  it("reads any text as a script", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("[[", "]]", "say:", "child:", "cut", "status:", "9", "|", " ")),
        (parts) => parseScript(parts.join("")).directives.length >= 0,
      ),
    );
  });
});

describe("the stand-in's counts", () => {
  it("counts a prompt as one turn, and neither its tool results nor the title", async () => {
    const prompt = user("[[task:one]] [[bash:true]]");
    await complete(
      { role: "system", content: "You are a title generator. You output ONLY a thread title." },
      user("Generate a title"),
      prompt,
    );
    await complete(prompt);
    await complete(prompt, ...toolStep);
    expect(await (await fetch(`${standIn.url}/counts`)).json()).toEqual({ one: 1 });
    expect(standIn.requests().map((request) => request.kind)).toEqual(["title", "turn", "continuation"]);
  });

  it("counts the same prompt sent twice as two turns when nothing had failed", async () => {
    await complete(user("[[task:twice]]"));
    await complete(user("[[task:twice]]"));
    expect(standIn.turns().get("twice")).toBe(2);
  });

  it("fails the given number of times with the status, and counts the retries apart", async () => {
    const prompt = user("[[task:busy]] [[status:429:2:7]] [[say:fine]]");
    const first = await post([prompt]);
    expect([first.status, first.headers.get("retry-after")]).toEqual([429, "7"]);
    expect((await post([prompt])).status).toBe(429);
    expect(await complete(prompt)).toMatchObject({ text: "fine" });
    expect(standIn.turns().get("busy")).toBe(1);
    expect(standIn.requests().map((request) => request.kind)).toEqual(["turn", "retry", "retry"]);
  });

  it("counts a prompt again after a status that OpenCode does not retry", async () => {
    await post([user("[[task:locked]] [[status:401:1]]")]);
    await complete(user("[[task:locked]] [[status:401:1]]"));
    expect(standIn.turns().get("locked")).toBe(2);
  });

  it("shares the number of failures between all sessions of a task", async () => {
    expect((await post([user("[[task:moved]] [[status:500]]")], { session: "ses_a" })).status).toBe(500);
    expect((await post([user("[[task:moved]] [[status:500]]")], { session: "ses_b" })).status).toBe(200);
    expect((await post([user("[[status:500]]")], { session: "ses_a" })).status).toBe(500);
    expect((await post([user("[[status:500]]")], { session: "ses_b" })).status).toBe(500);
  });

  it("breaks the connection in the middle, once, and counts one turn", async () => {
    const prompt = user("[[task:cut]] [[cut]] [[say:whole]]");
    const response = await post([prompt]);
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
    expect(await complete(prompt)).toMatchObject({ text: "whole" });
    expect(standIn.turns().get("cut")).toBe(1);
  });

  it("overflows once in OpenCode's words, and counts neither the summary nor the prompt that follows it", async () => {
    const prompt = user("[[task:big]] [[overflow]] [[say:fits]]");
    const response = await post([prompt]);
    expect(response.status).toBe(400);
    expect(errorSchema.parse(await response.json()).error.code).toBe("context_length_exceeded");
    await complete({ role: "system", content: "You are a context summarization agent. You are given" }, user("[User]: [[task:big]]"));
    expect(await complete(user("What did we do?"), { role: "assistant", content: "that" }, prompt)).toMatchObject({ text: "fits" });
    expect(standIn.turns().get("big")).toBe(1);
    expect(standIn.requests().map((request) => request.kind)).toEqual(["turn", "summary", "continuation"]);
  });

  it("forgets everything on reset", async () => {
    await complete(user("[[task:gone]]"));
    standIn.reset();
    expect([standIn.turns().size, standIn.requests().length]).toEqual([0, 0]);
  });
});

describe("the stand-in's waits", () => {
  it("holds an answer at a gate until another process releases it", async () => {
    const answer = complete(user("[[gate:the door]] [[say:through]]"));
    await eventually(async () => expect(await (await fetch(`${standIn.url}/waiting`)).json()).toEqual(["the door"]));
    await fetch(`${standIn.url}/release/${encodeURIComponent("the door")}`, { method: "POST" });
    expect(await answer).toMatchObject({ text: "through" });
    expect(standIn.waiting()).toEqual([]);
  });

  it("passes a gate that was released before", async () => {
    standIn.release("early");
    expect(await complete(user("[[gate:early]] [[say:through]]"))).toMatchObject({ text: "through" });
  });

  it("leaves a gate when the client goes away", async () => {
    const client = new AbortController();
    const response = await post([user("[[gate:left]]")], { signal: client.signal });
    expect(response.status).toBe(200);
    expect(standIn.waiting()).toEqual(["left"]);
    client.abort();
    await eventually(() => expect(standIn.waiting()).toEqual([]));
  });

  it("sends nothing at all while it hangs, as often as told", async () => {
    const client = new AbortController();
    const hung = post([user("[[task:hung]] [[hang:1]] [[say:awake]]")], { signal: client.signal });
    await eventually(() => expect(standIn.turns().get("hung")).toBe(1));
    client.abort();
    await expect(hung).rejects.toThrow();
    expect(await complete(user("[[task:hung]] [[hang:1]] [[say:awake]]"))).toMatchObject({ text: "awake" });
  });

  it("stops in the middle of an answer, can be stopped twice, and frees its port", { timeout: 5_000 }, async () => {
    const response = await post([user("[[slow:1000:1000]]")]);
    await Promise.all([standIn.stop(), standIn.stop()]);
    await expect(response.text()).rejects.toThrow();
    const next = createServer().listen(Number(new URL(standIn.url).port), "127.0.0.1");
    await once(next, "listening");
    await new Promise((resolve) => next.close(resolve));
  });
});

it("offers its model to OpenCode under the address it listens at", async () => {
  expect(JSON.stringify(standInConfig(standIn.url))).toContain(`${standIn.url}/v1`);
  expect(await (await fetch(`${standIn.url}/v1/models`)).json()).toMatchObject({ data: [{ id: "model" }] });
  expect(quietEnvironment()).toMatchObject({ npm_config_registry: "http://127.0.0.1:1/", OPENCODE_DISABLE_MODELS_FETCH: "1" });
});
