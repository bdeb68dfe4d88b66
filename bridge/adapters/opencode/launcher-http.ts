import { z } from "zod";
import type { Endpoint } from "../../ports/opencode";
import { loadUndici } from "./load-undici";

const health = z.object({ healthy: z.literal(true), version: z.string().max(200) });

const answerBytesMax = 64 * 1024;

export type HealthAnswer =
  | { readonly kind: "healthy"; readonly version: string }
  /** 401: it has another password. */
  | { readonly kind: "unauthorised" }
  /** Something else listens there, or the shape is new. */
  | { readonly kind: "foreign"; readonly statusCode: number }
  /** Refused, reset, or silent until the deadline. */
  | { readonly kind: "silent"; readonly reason: string };

/** `GET /global/health`; unknown paths answer 200 text/html, so type and shape are checked. Never raises. */
export async function askHealth(url: string, password: string | undefined, signal: AbortSignal): Promise<HealthAnswer> {
  try {
    const { statusCode, contentType, text } = await send("GET", `${url}/global/health`, password, signal);
    if (statusCode === 401) return { kind: "unauthorised" };
    const answer = contentType.includes("application/json") ? health.safeParse(JSON.parse(text)) : undefined;
    return answer?.success ? { kind: "healthy", version: answer.data.version } : { kind: "foreign", statusCode };
  } catch (thrown) {
    return { kind: "silent", reason: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

/** `POST /global/dispose`: aborts and finalises all turns, ends their tools. True when the server said so in time; never raises. */
export async function askDispose(endpoint: Endpoint, deadlineMs: number): Promise<boolean> {
  try {
    const { statusCode } = await send(
      "POST",
      `${endpoint.url}/global/dispose`,
      endpoint.password,
      AbortSignal.timeout(Math.ceil(deadlineMs)),
    );
    return statusCode === 200;
  } catch {
    return false;
  }
}

async function send(method: "GET" | "POST", url: string, password: string | undefined, signal: AbortSignal) {
  const { Agent, request } = await loadUndici();
  const dispatcher = new Agent({ maxResponseSize: answerBytesMax });
  const authorization = password === undefined ? undefined : `Basic ${Buffer.from(`opencode:${password}`).toString("base64")}`;
  try {
    const { statusCode, headers, body } = await request(url, {
      method,
      dispatcher,
      headers: authorization === undefined ? {} : { authorization },
      signal,
    });
    return { statusCode, contentType: String(headers["content-type"] ?? ""), text: await body.text() };
  } finally {
    await dispatcher.destroy();
  }
}
