import { afterEach, describe, expect, it } from "vitest";
import { createOpenCode, type OpenCodeOptions } from "../../../bridge/adapters/opencode/opencode";
import type { OpenCodeClient } from "../../../bridge/ports/opencode";
import { askId } from "../../fakes/samples";
import { type OddServer, sendJson, startOddServer } from "./odd-server";

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const resource of opened.splice(0).reverse()) await resource.close();
});

type Answer = Parameters<typeof startOddServer>[0];

async function connectTo(answer: Answer, options: Partial<OpenCodeOptions> = {}): Promise<{ server: OddServer; client: OpenCodeClient }> {
  const server = await startOddServer(answer);
  const client = createOpenCode({ requestDeadlineMs: 5_000, coldDeadlineMs: 5_000, settleDelaysMs: [], ...options }).connect(
    server.endpoint,
  );
  opened.push(server, client);
  return { server, client };
}

async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => "no error",
    (error: unknown) => (error instanceof Error && "code" in error ? error.code : error),
  );
}

const place = { directory: "/project", sessionId: "ses_1" };
const prompt = { ...place, messageId: "msg_1", parts: [] };

describe("a client", () => {
  it("logs in as opencode with the password", async () => {
    const { client } = await connectTo((request, response) => {
      const expected = `Basic ${Buffer.from("opencode:päss:word").toString("base64")}`;
      sendJson(response, { healthy: true, version: request.headers.authorization === expected ? "1.18.33" : "wrong" });
    });
    expect(await client.health()).toEqual({ version: "1.18.33" });
  });

  const misbehaviours: readonly (readonly [string, string, Answer])[] = [
    [
      "a web page with status 200",
      "OPENCODE_ANSWER_INVALID",
      (_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>"),
    ],
    ["no content type", "OPENCODE_ANSWER_INVALID", (_, response) => response.writeHead(200).end('{"healthy":true,"version":"1"}')],
    ["JSON of another shape", "OPENCODE_ANSWER_INVALID", (_, response) => sendJson(response, { healthy: "yes" })],
    [
      "something that is no JSON",
      "OPENCODE_ANSWER_INVALID",
      (_, response) => response.writeHead(200, { "content-type": "application/json" }).end("{"),
    ],
    ["500", "OPENCODE_ANSWER_INVALID", (_, response) => sendJson(response, { name: "UnknownError", data: { ref: "x" } }, 500)],
    ["204 where JSON is due", "OPENCODE_ANSWER_INVALID", (_, response) => response.writeHead(204).end()],
    ["a redirect", "OPENCODE_ANSWER_INVALID", (_, response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end()],
    ["401", "OPENCODE_UNAUTHORISED", (_, response) => response.writeHead(401).end()],
    [
      "400 for a broken project configuration",
      "OPENCODE_PROJECT_CONFIG_BROKEN",
      (_, response) => sendJson(response, { name: "ConfigJsonError", data: { path: "/project/opencode.json", message: "bad" } }, 400),
    ],
    ["a connection that is reset", "INSTANCE_UNRESPONSIVE", (request) => request.socket.resetAndDestroy()],
    [
      "a body that breaks off",
      "INSTANCE_UNRESPONSIVE",
      (_, response) => {
        response
          .writeHead(200, { "content-type": "application/json", "content-length": "100" })
          .write('{"healthy"', () => response.destroy());
      },
    ],
  ];

  it.each(misbehaviours)("meets %s with %s", async (_name, code, answer) => {
    const { client } = await connectTo(answer);
    expect(await codeOf(client.health())).toBe(code);
  });

  it("names the broken configuration file", async () => {
    const body = { name: "ConfigJsonError", data: { path: "/project/opencode.json", message: "line 3" } };
    const { client } = await connectTo((_, response) => sendJson(response, body, 400));
    await expect(client.createSession({ directory: "/project", title: "t" })).rejects.toThrow("/project/opencode.json: line 3");
  });

  it.each([
    ["never answers", () => undefined],
    [
      "sends its headers, and never the rest",
      (_request, response) => response.writeHead(200, { "content-type": "application/json" }).flushHeaders(),
    ],
    [
      "sends a byte now and then",
      (_request, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        const drip = setInterval(() => response.write(" "), 20);
        response.on("close", () => clearInterval(drip));
      },
    ],
  ] satisfies readonly (readonly [string, Answer])[])("gives up at its deadline on a server that %s", async (_name, answer) => {
    const { client } = await connectTo(answer, { requestDeadlineMs: 300 });
    const startedMs = performance.now();
    expect(await codeOf(client.health())).toBe("INSTANCE_UNRESPONSIVE");
    expect(performance.now() - startedMs).toBeLessThan(3_000);
  });

  it("says that nobody listens", async () => {
    const { client, server } = await connectTo(() => undefined);
    await server.close();
    expect(await codeOf(client.health())).toBe("INSTANCE_UNRESPONSIVE");
  });

  it("reads no more than 16 MiB of an endless answer", async () => {
    let sentBytes = 0;
    const chunk = Buffer.alloc(1024 * 1024, " ");
    const { client } = await connectTo((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const send = (): void => {
        if (sentBytes >= 50 * chunk.length || response.destroyed) return void response.end();
        sentBytes += chunk.length;
        response.write(chunk, send);
      };
      send();
    });
    expect(await codeOf(client.health())).toBe("OPENCODE_ANSWER_INVALID");
    expect(sentBytes).toBeLessThan(40 * chunk.length);
  });

  it("keeps its connections", async () => {
    const sockets = new Set<unknown>();
    const { client } = await connectTo((request, response) => {
      sockets.add(request.socket);
      sendJson(response, { healthy: true, version: "1" });
    });
    for (let count = 0; count < 20; count += 1) await client.health();
    // A second one when a request comes before the first is free again.
    expect(sockets.size).toBeLessThanOrEqual(2);
  });

  it("breaks what is under way when it is closed, and can be closed twice", async () => {
    const { client } = await connectTo(() => undefined);
    const code = codeOf(client.health());
    await client.close();
    await client.close();
    expect(await code).toBe("INSTANCE_UNRESPONSIVE");
  });
});

describe("a prompt", () => {
  it("is sent with the ids that make it one turn", async () => {
    const bodies: unknown[] = [];
    const { client, server } = await connectTo((_, response, body) => {
      bodies.push(JSON.parse(body));
      response.writeHead(204).end();
    });
    const parts = [
      { id: "prt_1", content: { kind: "text", text: "hi" } },
      { id: "prt_2", content: { kind: "file", path: "/a b/c.txt", mime: "text/plain" } },
    ] as const;
    await client.prompt({ ...place, messageId: "msg_1", parts, model: "openrouter/vendor/model", agent: "plan" });
    expect(server.requests).toEqual(["POST /session/ses_1/prompt_async?directory=%2Fproject"]);
    expect(bodies).toEqual([
      {
        messageID: "msg_1",
        model: { providerID: "openrouter", modelID: "vendor/model" },
        agent: "plan",
        parts: [
          { id: "prt_1", type: "text", text: "hi" },
          { id: "prt_2", type: "file", mime: "text/plain", filename: "c.txt", url: "file:///a%20b/c.txt" },
        ],
      },
    ]);
  });

  it("is in doubt, not refused, after a failure of the server", async () => {
    const { client } = await connectTo((_, response) => sendJson(response, { name: "UnknownError" }, 500));
    expect(await codeOf(client.prompt(prompt))).toBe("INSTANCE_UNRESPONSIVE");
  });

  it("names a model that cannot be one before it is sent", async () => {
    const { client, server } = await connectTo((_, response) => response.writeHead(204).end());
    expect(await codeOf(client.prompt({ ...prompt, model: "gpt" }))).toBe("MODEL_UNKNOWN");
    expect(server.requests).toEqual([]);
  });

  it("says that its session is gone", async () => {
    const { client } = await connectTo((_, response) => sendJson(response, { name: "NotFoundError", data: { message: "no" } }, 404));
    expect(await codeOf(client.prompt(prompt))).toBe("SESSION_UNKNOWN");
  });
});

describe("an answer", () => {
  it.each([
    ["permission", { kind: "allow", scope: "always" }, "POST /permission/per_1/reply?directory=%2Fproject", { reply: "always" }],
    [
      "permission",
      { kind: "deny", message: "no" },
      "POST /permission/per_1/reply?directory=%2Fproject",
      { reply: "reject", message: "no" },
    ],
    ["permission", { kind: "deny" }, "POST /permission/per_1/reply?directory=%2Fproject", { reply: "reject" }],
    ["question", { kind: "answers", answers: [["Blue"]] }, "POST /question/per_1/reply?directory=%2Fproject", { answers: [["Blue"]] }],
    ["question", { kind: "deny" }, "POST /question/per_1/reject?directory=%2Fproject", undefined],
  ] as const)("to a %s goes as OpenCode wants it", async (kind, answer, request, body) => {
    const bodies: string[] = [];
    const { client, server } = await connectTo((_, response, text) => {
      bodies.push(text);
      sendJson(response, true);
    });
    await client.answer({ id: askId("per_1"), directory: "/project", kind }, answer);
    expect(server.requests).toEqual([request]);
    expect(bodies).toEqual([body === undefined ? "" : JSON.stringify(body)]);
  });

  it("of the wrong kind is not sent", async () => {
    const { client, server } = await connectTo((_, response) => sendJson(response, true));
    const ask = { id: askId("que_1"), directory: "/project", kind: "question" } as const;
    expect(await codeOf(client.answer(ask, { kind: "allow", scope: "once" }))).toBe("ASK_ANSWER_INVALID");
    expect(server.requests).toEqual([]);
  });

  it("comes too late when the ask is gone", async () => {
    const { client } = await connectTo((_, response) => sendJson(response, { _tag: "PermissionNotFoundError", message: "gone" }, 404));
    const ask = { id: askId("per_1"), directory: "/project", kind: "permission" } as const;
    expect(await codeOf(client.answer(ask, { kind: "allow", scope: "once" }))).toBe("ASK_UNKNOWN");
  });
});
