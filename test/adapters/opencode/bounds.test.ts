import { expect, test } from "vitest";
import { z } from "zod";
import { toDetails } from "../../../bridge/adapters/opencode/ask-details";
import { toPermissionAsk } from "../../../bridge/adapters/opencode/asks";
import { countSchema, listOf, mapOf } from "../../../bridge/adapters/opencode/bounded-schemas";
import { Deadline } from "../../../bridge/adapters/opencode/deadline";
import { Http } from "../../../bridge/adapters/opencode/http";
import { createOpenCode } from "../../../bridge/adapters/opencode/opencode";
import { permissionSchema } from "../../../bridge/adapters/opencode/schemas";
import { parseServerEvent } from "../../../bridge/adapters/opencode/server-event";
import { SessionLookup } from "../../../bridge/adapters/opencode/session-lookup";
import { sendJson, startOddServer } from "./odd-server";

const place = { directory: "/project", sessionId: "ses_1" };

test("a million wrong elements are one fault, which names the first", () => {
  const wrong = Array.from({ length: 1_000_000 }, () => 1);
  const issues = (schema: z.ZodType, value: unknown) => schema.safeParse(value).error?.issues;
  expect(issues(z.object({ list: listOf(z.object({ id: z.string() })) }), { list: wrong })).toMatchObject([{ path: ["list", 0] }]);
  expect(issues(listOf(z.object({ id: z.string() })), [{ id: "x" }, { id: 2 }])).toMatchObject([{ path: [1, "id"] }]);
  expect(issues(mapOf(z.string()), { 0: 1, 1: 1 })).toMatchObject([{ path: ["0"] }]);
  expect(listOf(countSchema).parse([1, -1, 1e300])).toEqual([1, 0, 1e12]);
});

test("an ask whose metadata is nested a hundred thousand levels deep, or very wide, is shown as far as it can be", () => {
  const deep: unknown = JSON.parse(`{"diff":${"[".repeat(100_000)}${"]".repeat(100_000)}}`);
  const wide: unknown = JSON.parse(`{"diff":${"[".repeat(1_000)}${"1,".repeat(100_000)}1${"]".repeat(1_000)}}`);
  for (const metadata of [deep, wide]) {
    const [detail] = toDetails(z.record(z.string(), z.unknown()).parse(metadata));
    expect(detail?.text).toContain("nested too deep");
  }
  const payload = {
    type: "permission.asked",
    properties: { id: "per_1", sessionID: "ses_1", permission: "edit", patterns: [], metadata: deep },
  };
  // Written by hand: JSON.stringify itself would give up.
  const text = JSON.stringify({ payload: { ...payload, properties: { ...payload.properties, metadata: "DEEP" } } });
  expect(parseServerEvent(text.replace('"DEEP"', `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`))).toMatchObject({ kind: "ask" });
});

test("patterns too long to be shown are left out and counted, so that no rule allows them", () => {
  const request = { id: "per_1", sessionID: "ses_1", permission: "bash", patterns: ["ls", "x".repeat(100_000), "pwd"] };
  expect(toPermissionAsk(permissionSchema.parse(request))?.content).toMatchObject({ patterns: ["ls"], patternsLeftOut: 2 });
});

test("a server that pages without end is left at the deadline of the whole call", async () => {
  const message = { info: { id: "msg_2", sessionID: "ses_1", role: "user", time: { created: 1 } }, parts: [] };
  const server = await startOddServer((request, response) => {
    if (request.url?.startsWith("/session/status")) return sendJson(response, {});
    response.setHeader("x-next-cursor", "again");
    setTimeout(() => sendJson(response, [message]), 20);
  });
  const client = createOpenCode({ callDeadlineMs: 300, settleDelaysMs: [] }).connect(server.endpoint);
  try {
    const startedMs = performance.now();
    await expect(client.turn({ ...place, messageId: "msg_1" })).rejects.toMatchObject({ code: "INSTANCE_UNRESPONSIVE" });
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  } finally {
    await client.close();
    await server.close();
  }
});

test("costs and tokens beyond all measure add up to something that the store can keep", async () => {
  const usage = { cost: 1.7e308, tokens: { input: 1.7e308, output: -5, reasoning: 0, cache: { read: 1.7e308, write: 0 } } };
  const answer = (id: string) => ({
    info: { id, sessionID: "ses_1", role: "assistant", parentID: "msg_1", time: { created: 2, completed: 3 }, finish: "stop", ...usage },
    parts: [],
  });
  const prompt = { info: { id: "msg_1", sessionID: "ses_1", role: "user", time: { created: 1 } }, parts: [] };
  const server = await startOddServer((request, response) =>
    sendJson(response, request.url?.startsWith("/session/status") ? {} : [prompt, answer("msg_2"), answer("msg_3")]),
  );
  const client = createOpenCode({ settleDelaysMs: [] }).connect(server.endpoint);
  try {
    const report = await client.turn({ ...place, messageId: "msg_1" });
    expect(JSON.parse(JSON.stringify(report))).toMatchObject({ usage: { tokensIn: 4e12, tokensOut: 0, cost: 2e12 } });
  } finally {
    await client.close();
    await server.close();
  }
});

test("a turn of very many messages, running tools and subagents holds the bridge up for no longer than reading it takes", async () => {
  const many = 30_000;
  const user = (id: string) => ({ info: { id, sessionID: "ses_1", role: "user", time: { created: 1 } }, parts: [] });
  const tool = (id: string, metadata: object) => ({
    ...{ id, sessionID: "ses_1", messageID: "msg_2", type: "tool", tool: "task" },
    state: { status: "running", metadata },
  });
  const numbers = Array.from({ length: many }, (_, index) => index);
  const answer = {
    info: { id: "msg_2", sessionID: "ses_1", role: "assistant", parentID: "msg_1", time: { created: 2, completed: 3 }, finish: "stop" },
    parts: numbers.flatMap((each) => [tool(`prt_${each}`, {}), tool(`prt_sub${each}`, { sessionId: `ses_sub${each}` })]),
  };
  const messages = [user("msg_1"), ...numbers.map((each) => user(`msg_more${each}`)), answer];
  const server = await startOddServer((request, response) => {
    const path = request.url?.split("?")[0] ?? "";
    if (path.endsWith("/status")) return sendJson(response, {});
    if (path.endsWith("/message")) return sendJson(response, messages);
    sendJson(response, path.endsWith("/children") ? [] : { id: "ses_sub", cost: 1 });
  });
  const client = createOpenCode({ settleDelaysMs: [] }).connect(server.endpoint);
  try {
    const startedMs = performance.now();
    const report = await client.turn({ ...place, messageId: "msg_1" });
    expect(report).toMatchObject({ kind: "ended", outcome: { kind: "succeeded" }, usage: { cost: 64 } });
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  } finally {
    await client.close();
    await server.close();
  }
}, 60_000);

test("the use of a session with hundreds of thousands of children is added up", async () => {
  const server = await startOddServer((request, response) => {
    const path = request.url?.split("?")[0] ?? "";
    if (path.endsWith("/children"))
      return sendJson(
        response,
        Array.from({ length: 300_000 }, () => ({ id: "ses_c" })),
      );
    sendJson(response, { id: "ses_1", cost: 1 });
  });
  const http = new Http(server.endpoint);
  try {
    const usage = await new SessionLookup(http).usageOf(["ses_1"], "/project", new Deadline(10_000, 30_000));
    expect(usage.cost).toBe(2);
  } finally {
    await http.close();
    await server.close();
  }
}, 30_000);
