import type { ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { createOpenCode } from "../../../bridge/adapters/opencode/opencode";
import type { OpenCodeClient } from "../../../bridge/ports/opencode";
import { type OddServer, sendJson, startOddServer } from "./odd-server";

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const resource of opened.splice(0).reverse()) await resource.close();
});

interface World {
  status: Record<string, unknown>;
  messages: readonly unknown[];
  readonly sessions: Record<string, Record<string, unknown>>;
  permissions: readonly unknown[];
  /** Bytes of text in each message. */
  padding: number;
}

const place = { directory: "/project", sessionId: "ses_1" };
const request = { ...place, messageId: "msg_1" };
const tokens = { input: 5, output: 1, reasoning: 1, cache: { read: 2, write: 3 } };

function user(id: string, created: number) {
  return {
    info: { id, sessionID: "ses_1", role: "user", time: { created } },
    parts: [{ id: "prt_1", sessionID: "ses_1", messageID: id, type: "text", text: "hi" }],
  };
}

function assistant(id: string, created: number, info: Record<string, unknown> = {}, parts: readonly unknown[] = []) {
  const time = { created, completed: created + 1 };
  return {
    info: { id, sessionID: "ses_1", role: "assistant", parentID: "msg_1", time, finish: "stop", cost: 0.25, tokens, ...info },
    parts,
  };
}

/** As OpenCode pages: the newest `limit` before the cursor, oldest first. */
function sendPage(response: ServerResponse, world: World, query: URLSearchParams): void {
  const end = Number(query.get("before") ?? world.messages.length);
  const start = Math.max(0, end - Number(query.get("limit")));
  if (start > 0) response.setHeader("x-next-cursor", String(start));
  const padding = "x".repeat(world.padding);
  sendJson(
    response,
    world.messages.slice(start, end).map((message) => ({ ...Object(message), padding })),
  );
}

async function start(change: Partial<World> = {}): Promise<{ world: World; client: OpenCodeClient; server: OddServer }> {
  const world: World = { status: {}, messages: [], sessions: {}, permissions: [], padding: 0, ...change };
  const server = await startOddServer((incoming, response) => {
    const url = new URL(incoming.url ?? "", "http://localhost");
    const [, first, id = "", last] = url.pathname.split("/");
    if (first === "permission") return sendJson(response, world.permissions);
    if (first === "question") return sendJson(response, []);
    if (id === "status") return sendJson(response, world.status);
    if (last === "message") return sendPage(response, world, url.searchParams);
    const session = world.sessions[id];
    if (session === undefined) return sendJson(response, { name: "NotFoundError", data: { message: `Session not found: ${id}` } }, 404);
    if (last === "children")
      return sendJson(
        response,
        Object.values(world.sessions).filter((other) => other.parentID === id),
      );
    sendJson(response, session);
  });
  const client = createOpenCode({ settleDelaysMs: [20, 20] }).connect(server.endpoint);
  opened.push(server, client);
  return { world, client, server };
}

describe("asking for a turn", () => {
  it("says of a prompt before the last 2,000 messages that it cannot tell, never that it is absent: it would be sent again", async () => {
    const steps = Array.from({ length: 2_010 }, (_, index) => assistant(`msg_a${index}`, index + 2, { finish: "tool-calls" }));
    const { client } = await start({ messages: [user("msg_1", 1), ...steps] });
    await expect(client.turn(request)).rejects.toMatchObject({ code: "OPENCODE_ANSWER_INVALID" });
  });

  it("tells its end, last words and use", async () => {
    const words = [{ id: "prt_2", sessionID: "ses_1", messageID: "msg_2", type: "text", text: "done" }];
    const { client } = await start({ messages: [user("msg_1", 1), assistant("msg_2", 2, {}, words)] });
    expect(await client.turn(request)).toEqual({
      kind: "ended",
      outcome: { kind: "succeeded" },
      text: "done",
      usage: { tokensIn: 10, tokensOut: 2, cost: 0.25 },
    });
  });

  it("finds a prompt that lies many pages back", async () => {
    const steps = Array.from({ length: 120 }, (_, index) =>
      assistant(`msg_${index + 2}`, index + 2, { finish: index === 119 ? "stop" : "tool-calls" }),
    );
    const { client } = await start({ messages: [user("msg_0", 0), assistant("msg_00", 1), user("msg_1", 1), ...steps] });
    expect(await client.turn(request)).toMatchObject({ outcome: { kind: "succeeded" }, usage: { cost: 30 } });
  });

  it("asks for smaller pages when one is over 16 MiB", async () => {
    const messages = [user("msg_1", 1), ...Array.from({ length: 12 }, (_, index) => assistant(`msg_${index + 2}`, index + 2))];
    const { client, server } = await start({ messages, padding: 2 * 1024 * 1024 });
    expect(await client.turn(request)).toMatchObject({ outcome: { kind: "succeeded" } });
    expect(server.requests.filter((line) => line.includes("limit=5")).length).toBeGreaterThan(1);
  });

  it("is absent when the session or the message is not there", async () => {
    const { client } = await start({ messages: [user("msg_9", 1)] });
    expect(await client.turn(request)).toEqual({ kind: "absent" });
    const gone = await startOddServer((incoming, response) =>
      incoming.url?.startsWith("/session/status") ? sendJson(response, {}) : sendJson(response, { name: "NotFoundError" }, 404),
    );
    const other = createOpenCode().connect(gone.endpoint);
    opened.push(gone, other);
    expect(await other.turn(request)).toEqual({ kind: "absent" });
  });

  it("reads the messages after the status, so that an idle one is their last word", async () => {
    const { client, server } = await start({ messages: [user("msg_1", 1), assistant("msg_2", 2)] });
    await client.turn(request);
    expect(server.requests.map((line) => line.split("?")[0])).toEqual(["GET /session/status", "GET /session/ses_1/message"]);
  });

  it("looks again at an answer that is not complete at the first idle of an abort", async () => {
    const { world, client, server } = await start();
    world.messages = [user("msg_1", 1), assistant("msg_2", 2, { time: { created: 2 }, finish: undefined })];
    const turn = client.turn(request);
    const error = { name: "MessageAbortedError", data: { message: "Aborted" } };
    while (server.requests.length < 2) await new Promise((resolve) => setImmediate(resolve));
    world.messages = [user("msg_1", 1), assistant("msg_2", 2, { finish: undefined, error })];
    expect(await turn).toMatchObject({ outcome: { kind: "aborted" } });
  });

  it("does not look for ever at an answer that its server left behind", async () => {
    const { client, server } = await start({
      messages: [user("msg_1", 1), assistant("msg_2", 2, { time: { created: 2 }, finish: undefined })],
    });
    expect(await client.turn(request)).toMatchObject({ kind: "interrupted", usage: { cost: 0.25 } });
    expect(server.requests.filter((line) => line.includes("/message"))).toHaveLength(3);
  });

  it("counts what its subagents used, and theirs", async () => {
    const state = { status: "completed", title: "sub", input: {}, metadata: { sessionId: "ses_2" } };
    const task = { id: "prt_3", sessionID: "ses_1", messageID: "msg_2", type: "tool", tool: "task", state };
    const sessions = {
      ses_2: { id: "ses_2", parentID: "ses_1", cost: 1, tokens },
      ses_3: { id: "ses_3", parentID: "ses_2", cost: 2, tokens },
    };
    const { client } = await start({ messages: [user("msg_1", 1), assistant("msg_2", 2, {}, [task, task])], sessions });
    expect(await client.turn(request)).toMatchObject({ usage: { tokensIn: 30, tokensOut: 6, cost: 3.25 } });
  });
});

describe("asking for asks", () => {
  const permission = (id: string, sessionID: string) => ({ id, sessionID, permission: "bash", patterns: [], metadata: {}, always: [] });

  it("names the root session of each, and leaves out those of idle sessions", async () => {
    const { client } = await start({
      permissions: [permission("per_1", "ses_3"), permission("per_2", "ses_4"), permission("odd", "ses_3")],
      status: { ses_1: { type: "busy" }, ses_3: { type: "busy" } },
      sessions: { ses_1: { id: "ses_1" }, ses_2: { id: "ses_2", parentID: "ses_1" }, ses_3: { id: "ses_3", parentID: "ses_2" } },
    });
    expect(await client.asks("/project")).toMatchObject([{ id: "per_1", sessionId: "ses_3", rootSessionId: "ses_1" }]);
  });

  it("asks for each parent once", async () => {
    const { client, server } = await start({
      permissions: [permission("per_1", "ses_2"), permission("per_2", "ses_2")],
      status: { ses_2: { type: "busy" } },
      sessions: { ses_1: { id: "ses_1" }, ses_2: { id: "ses_2", parentID: "ses_1" } },
    });
    await client.asks("/project");
    await client.asks("/project");
    expect(server.requests.filter((line) => line.startsWith("GET /session/ses_"))).toHaveLength(2);
  });
});

it("a transcript holds what was said and done, and nothing that OpenCode wrote itself", async () => {
  const part = (change: Record<string, unknown>) => ({ id: "prt_1", sessionID: "ses_1", messageID: "msg_2", ...change });
  const parts = [
    part({ type: "step-start" }),
    part({ type: "reasoning", text: "hm" }),
    part({ type: "tool", tool: "bash", state: { status: "completed", title: "list", input: { command: "ls" } } }),
    part({ type: "text", text: "secret", synthetic: true }),
    part({ type: "text", text: "done" }),
  ];
  const { client } = await start({ messages: [user("msg_1", 1), assistant("msg_2", 2, {}, parts)] });
  expect(await client.transcript(place)).toEqual([
    { role: "user", text: "hi" },
    { role: "tool", text: "bash: list (completed)" },
    { role: "assistant", text: "done" },
  ]);
});
