import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createParser } from "eventsource-parser";
import { Agent, request } from "undici";
import { z } from "zod";
import { startServerProcess } from "../helpers/server-process";
import { markOf } from "./process-cost";
import { roundTimeMaxMs, type Way, type WayParts, wayEnvironment } from "./way";

const password = "bench";
const authorization = `Basic ${Buffer.from(`opencode:${password}`).toString("base64")}`;
const sessionSchema = z.object({ id: z.string() });
const eventSchema = z.object({
  payload: z.object({ type: z.string(), properties: z.object({ sessionID: z.string().optional() }).optional() }),
});

/** OpenCode's bare HTTP API: one warm server, a session a prompt in one directory, ended by the event stream. Its client is this process. */
export async function apiWay(parts: WayParts): Promise<Way> {
  const mark = markOf("api");
  const folder = join(parts.folder, "api");
  await mkdir(folder, { recursive: true });
  const environment = { ...wayEnvironment({ ...parts, folder }, mark), OPENCODE_SERVER_PASSWORD: password };
  const server = await startServerProcess({ command: [parts.program], environment, cwd: folder });
  const agent = new Agent({ connections: 8 });
  const idle = new Map<string, () => void>();
  const stream = await request(`${server.url}/global/event`, {
    headers: { authorization },
    dispatcher: agent,
    bodyTimeout: 0,
  });
  const parser = createParser({
    onEvent({ data }) {
      const event = eventSchema.safeParse(JSON.parse(data));
      if (!event.success || event.data.payload.type !== "session.idle") return;
      idle.get(event.data.payload.properties?.sessionID ?? "")?.();
    },
  });
  stream.body.on("data", (chunk: Buffer) => parser.feed(chunk.toString("utf8")));
  stream.body.on("error", () => undefined);

  const post = (path: string, body: unknown) =>
    request(`${server.url}${path}?directory=${encodeURIComponent(parts.repository)}`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify(body),
      dispatcher: agent,
    });
  const one = async (prompt: string): Promise<void> => {
    const session = sessionSchema.parse(await (await post("/session", { title: "bench" })).body.json());
    const ended = new Promise<void>((resolve) => idle.set(session.id, resolve));
    const accepted = await post(`/session/${session.id}/prompt_async`, { parts: [{ type: "text", text: prompt }] });
    await accepted.body.dump();
    if (accepted.statusCode !== 204) throw new Error(`the prompt was answered ${accepted.statusCode}`);
    await within(ended);
    idle.delete(session.id);
  };
  return {
    name: "bare HTTP API",
    mark,
    run: async (prompts) => {
      await Promise.all(prompts.map(one));
    },
    async [Symbol.asyncDispose]() {
      stream.body.destroy();
      await agent.destroy();
      await server.kill();
    },
  };
}

async function within(ended: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("a session was not idle in time")), roundTimeMaxMs);
  });
  await Promise.race([ended, late]).finally(() => clearTimeout(timer));
}
