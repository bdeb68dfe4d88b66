import type { ServerResponse } from "node:http";
import type { ToolCall } from "./tool-calls";

type FinishReason = "stop" | "length" | "tool_calls";

/** Characters a token, roughly: enough for figures that look right. */
const charactersPerToken = 4;
/** Far below the context of the configured model: no prompt compacts by accident. */
const promptTokensMax = 100_000;
const keepAliveMs = 15_000;

/** One streamed answer of the chat completions protocol (Server-Sent Events, `data:` lines, `[DONE]` at the end). */
export class Answer {
  readonly #response: ServerResponse;
  readonly #model: string;
  readonly #promptTokens: number;
  #characters = 0;
  #keepAlive: NodeJS.Timeout | undefined;

  constructor(response: ServerResponse, request: { readonly model: string; readonly bytes: number }) {
    this.#response = response;
    this.#model = request.model;
    this.#promptTokens = Math.min(Math.ceil(request.bytes / charactersPerToken), promptTokensMax);
    response.once("close", () => clearInterval(this.#keepAlive));
  }

  get begun(): boolean {
    return this.#response.headersSent;
  }

  /** Sends the headers and the first chunk, so that the client sees an answer under way. */
  begin(): void {
    if (this.begun) return;
    this.#response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
    this.#chunk({ role: "assistant", content: "" }, null);
    this.#keepAlive = setInterval(() => this.#response.write(": waiting\n\n"), keepAliveMs);
  }

  text(text: string): void {
    this.begin();
    this.#characters += text.length;
    this.#chunk({ content: text }, null);
  }

  toolCall(id: string, call: ToolCall): void {
    this.begin();
    const json = JSON.stringify(call.arguments);
    this.#characters += json.length;
    this.#chunk({ tool_calls: [{ index: 0, id, type: "function", function: { name: call.name, arguments: json } }] }, null);
  }

  finish(reason: FinishReason): void {
    this.begin();
    clearInterval(this.#keepAlive);
    this.#chunk({}, reason);
    const completion = Math.ceil(this.#characters / charactersPerToken);
    const total = this.#promptTokens + completion;
    this.#send({ choices: [], usage: { prompt_tokens: this.#promptTokens, completion_tokens: completion, total_tokens: total } });
    this.#response.end("data: [DONE]\n\n");
  }

  /** An error instead of an answer; only before anything was streamed. */
  fail(status: number, error: { readonly message: string; readonly code: string }, retryAfterS?: number): void {
    const headers = retryAfterS === undefined ? {} : { "retry-after": String(retryAfterS) };
    this.#response.writeHead(status, { "content-type": "application/json", ...headers });
    this.#response.end(JSON.stringify({ error: { ...error, type: "stand_in" } }));
  }

  /** Breaks the connection without an end, after what was streamed has left. */
  cut(): void {
    this.begin();
    clearInterval(this.#keepAlive);
    const { socket } = this.#response;
    // A comment leaves after everything before it; not a reset, which would take what the client has not read yet.
    this.#response.write(": cut\n\n", () => socket?.destroy());
  }

  #chunk(delta: Readonly<Record<string, unknown>>, finishReason: FinishReason | null): void {
    this.#send({ choices: [{ index: 0, delta, finish_reason: finishReason }] });
  }

  #send(body: Readonly<Record<string, unknown>>): void {
    const head = { id: "chatcmpl-stand-in", object: "chat.completion.chunk", created: 0, model: this.#model };
    this.#response.write(`data: ${JSON.stringify({ ...head, ...body })}\n\n`);
  }
}
