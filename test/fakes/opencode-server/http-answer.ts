import type { IncomingMessage, ServerResponse } from "node:http";
import type { JsonObject, JsonValue } from "./json";

const bodyBytesMax = 8 * 1024 * 1024;

export interface Answer {
  readonly status: number;
  readonly type: "json" | "html" | "none";
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function json(value: JsonValue, status = 200, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, type: "json", body: JSON.stringify(value), headers };
}

export const noContent: Answer = { status: 204, type: "none", body: "" };

/** What every path and method that OpenCode does not know gives: its web page (seen). */
export const webPage: Answer = {
  status: 200,
  type: "html",
  body: "<!doctype html><html><head><title>OpenCode</title></head><body></body></html>",
};

export const unknownError: Answer = json({ name: "UnknownError", data: { ref: "err_0000" } }, 500);

export function badRequest(message: string, kind: string): Answer {
  return json({ name: "BadRequest", data: { message, kind } }, 400);
}

export function notFound(message: string): Answer {
  return json({ name: "NotFoundError", data: { message } }, 404);
}

export function send(response: ServerResponse, answer: Answer): void {
  if (response.destroyed || response.headersSent) return;
  const contentType = { json: { "content-type": "application/json" }, html: { "content-type": "text/html;charset=utf-8" }, none: {} }[
    answer.type
  ];
  response.writeHead(answer.status, { ...contentType, ...answer.headers }).end(answer.body);
}

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > bodyBytesMax) throw new Error(`a body of more than ${bodyBytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** One request as the routes see it. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** From the query, else from the header, else the server's own. */
  readonly directory: string;
  /** Undefined when there is none or when it is no JSON object. */
  readonly body: JsonObject | undefined;
  readonly bodyText: string;
}
