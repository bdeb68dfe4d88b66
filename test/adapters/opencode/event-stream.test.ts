import type { ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { createOpenCode, type OpenCodeOptions } from "../../../bridge/adapters/opencode/opencode";
import type { EventStream, ServerNews } from "../../../bridge/ports/opencode";
import type { ErrorInfo } from "../../../shared/errors";
import { eventually } from "../../helpers/eventually";
import { type OddServer, sendJson, startOddServer } from "./odd-server";
import { foldFrames, recordedFrames, toEventStream } from "./recordings";

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const resource of opened.splice(0).reverse()) await resource.close();
});

interface Seen {
  opened: number;
  alive: number;
  readonly news: ServerNews[];
  readonly lost: ErrorInfo[];
}

type Answer = Parameters<typeof startOddServer>[0];
type Watched = { readonly seen: Seen; readonly server: OddServer; readonly stream: EventStream };

async function watch(answer: Answer, options: Partial<OpenCodeOptions> = {}): Promise<Watched> {
  const server = await startOddServer(answer);
  const seen: Seen = { opened: 0, alive: 0, news: [], lost: [] };
  const stream = createOpenCode({ delayMinMs: 10, delayMaxMs: 50, stableMs: 60_000, ...options }).watch(server.endpoint, {
    opened: () => {
      seen.opened += 1;
    },
    alive: () => {
      seen.alive += 1;
    },
    news: (news) => seen.news.push(news),
    lost: (error) => seen.lost.push(error),
  });
  opened.push(server, stream);
  return { seen, server, stream };
}

const connected = `data: ${JSON.stringify({ payload: { id: "evt_1", type: "server.connected", properties: {} } })}\n\n`;

function begin(response: ServerResponse, text = connected): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(text);
}

function event(type: string, properties: unknown): string {
  return `data: ${JSON.stringify({ directory: "/project", payload: { id: "evt_1", type, properties } })}\n\n`;
}

describe("a watch", () => {
  it("tells a recorded turn as news, in order", async () => {
    const { seen } = await watch((_, response) => {
      begin(response);
      const bytes = toEventStream(recordedFrames("global"));
      for (let at = 0; at < bytes.length; at += 1_000) response.write(bytes.subarray(at, at + 1_000));
    });
    const expected = foldFrames(recordedFrames("global")).news.filter(({ kind }) => kind !== "progress");
    await eventually(() => expect(seen.news.filter(({ kind }) => kind !== "progress")).toEqual(expected));
    expect(seen).toMatchObject({ opened: 1, lost: [] });
    expect(seen.alive).toBeGreaterThan(0);
  });

  it("passes over an ask whose session cannot be written into a path, and goes on", async () => {
    const { seen } = await watch((request, response) => {
      if (!request.url?.startsWith("/global/event")) return sendJson(response, {});
      const ask = (sessionID: string) => ({ id: "per_1", sessionID, permission: "bash", patterns: [], metadata: {}, always: [] });
      begin(response);
      for (const sessionId of ["ses_\ud800", "", "..", "a/b", "a?b"]) response.write(event("permission.asked", ask(sessionId)));
      response.write(event("session.error", { sessionID: "ses_1", error: { name: "UnknownError" } }));
    });
    await eventually(() => expect(seen.news).toMatchObject([{ kind: "settled", sessionId: "ses_1" }]));
    expect(seen.lost).toEqual([]);
  });

  it("is open with the first event, not with the headers", async () => {
    let send = (): void => undefined;
    const { seen, server } = await watch((_, response) => {
      begin(response, ": waiting\n\n");
      send = () => void response.write(connected);
    });
    await eventually(() => expect(server.requests).toHaveLength(1));
    expect(seen.opened).toBe(0);
    send();
    await eventually(() => expect(seen.opened).toBe(1));
  });

  it("comes back at once when it breaks, and says so once a time", async () => {
    let count = 0;
    const { seen } = await watch(
      (_, response) => {
        count += 1;
        begin(response);
        if (count < 3) response.write(event("server.heartbeat", {}), () => response.destroy());
      },
      { stableMs: 0, delayMinMs: 60_000, delayMaxMs: 60_000 },
    );
    await eventually(() => expect(seen.opened).toBe(3));
    expect(seen.lost.map(({ code }) => code)).toEqual(["INSTANCE_UNRESPONSIVE", "INSTANCE_UNRESPONSIVE"]);
  });

  it("backs off from a server that opens it and ends it at once", async () => {
    const { seen, server } = await watch(
      (_, response) => {
        begin(response);
        response.end();
      },
      { delayMinMs: 60_000, delayMaxMs: 60_000 },
    );
    await eventually(() => expect(seen.lost).toHaveLength(2));
    expect(server.requests).toHaveLength(2);
  });

  it("is lost when nothing comes for the time of silence, and opens anew", async () => {
    const { seen } = await watch((_, response) => begin(response), { silentMs: 150 });
    await eventually(() => expect(seen.opened).toBeGreaterThan(1));
    expect(seen.lost[0]).toEqual({ code: "INSTANCE_UNRESPONSIVE", message: "the event stream was silent for 150 ms" });
  });

  it("asks anew, with more patience each time, when a booting server does not answer", async () => {
    const askedAtMs: number[] = [];
    const { seen } = await watch(
      (_, response) => {
        askedAtMs.push(performance.now());
        if (askedAtMs.length > 3) begin(response);
      },
      { openDeadlineMs: 100, silentMs: 60_000, delayMinMs: 0, delayMaxMs: 0 },
    );
    await eventually(() => expect(seen.opened).toBe(1));
    const [first = 0, second = 0, third = 0, fourth = 0] = askedAtMs;
    expect(second - first).toBeGreaterThan(90);
    expect(fourth - third).toBeGreaterThan(380);
    expect(seen.lost.map(({ code }) => code)).toEqual(["INSTANCE_UNRESPONSIVE"]);
  });

  it("stays open on heartbeats alone", async () => {
    const { seen } = await watch(
      (_, response) => {
        begin(response);
        const beat = setInterval(() => response.write(event("server.heartbeat", {})), 50);
        response.on("close", () => clearInterval(beat));
      },
      { silentMs: 1_000 },
    );
    await eventually(() => expect(seen.alive).toBeGreaterThan(30));
    expect(seen).toMatchObject({ opened: 1, lost: [] });
  });

  it.each([
    [
      "a web page",
      "OPENCODE_ANSWER_INVALID",
      (_request, response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>"),
    ],
    ["401", "OPENCODE_UNAUTHORISED", (_request, response) => response.writeHead(401).end()],
    ["silence before the headers", "INSTANCE_UNRESPONSIVE", () => undefined],
    ["a reset", "INSTANCE_UNRESPONSIVE", (request) => request.socket.resetAndDestroy()],
    [
      "an event of over 16 MiB",
      "OPENCODE_ANSWER_INVALID",
      (_request, response) => begin(response, `data: ${"x".repeat(17 * 1024 * 1024)}`),
    ],
  ] satisfies readonly (readonly [string, string, Answer])[])("meets %s with %s, once, and goes on trying", async (_name, code, answer) => {
    const { seen, server } = await watch(answer, { silentMs: 2_000 });
    await eventually(() => expect(server.requests.length).toBeGreaterThan(2), { timeoutMs: 15_000 });
    expect(seen.lost.map((error) => error.code)).toEqual([code]);
    expect(seen.opened).toBe(0);
  });

  it("skips what it cannot read and goes on", async () => {
    const { seen } = await watch((_, response) => {
      begin(response);
      response.write('data: {"payload":\n\ndata: {}\n\nodd: 1\n\n');
      response.write(event("session.idle", { sessionID: 7 }));
      response.write(event("session.status", { sessionID: "ses_1", status: { type: "busy" } }));
    });
    await eventually(() => expect(seen.news).toEqual([{ kind: "progress", sessionId: "ses_1" }]));
    expect(seen.lost).toEqual([]);
  });

  it("finds the root of a subagent that began before it was open, before it tells the ask", async () => {
    const asked = { id: "per_1", sessionID: "ses_2", permission: "bash", patterns: [], metadata: {}, always: [] };
    const { seen } = await watch((request, response) => {
      if (request.url?.startsWith("/session/ses_1") === true) return sendJson(response, { id: "ses_1" });
      if (request.url?.startsWith("/session/ses_2") === true) return sendJson(response, { id: "ses_2", parentID: "ses_1" });
      begin(response);
      response.write(event("permission.asked", asked));
      response.write(event("permission.replied", { sessionID: "ses_2", requestID: "per_1", reply: "once" }));
    });
    await eventually(() => expect(seen.news.map(({ kind }) => kind)).toEqual(["ask-opened", "ask-closed"]));
    expect(seen.news[0]).toMatchObject({ directory: "/project", ask: { sessionId: "ses_2", rootSessionId: "ses_1" } });
  });

  it("tells an ask even when its root cannot be found", async () => {
    const asked = { id: "que_1", sessionID: "ses_2", questions: [] };
    const { seen } = await watch((request, response) => {
      if (request.url?.startsWith("/session/") === true) return void response.writeHead(500).end();
      begin(response);
      response.write(event("question.asked", asked));
    });
    await eventually(() => expect(seen.news).toMatchObject([{ kind: "ask-opened", ask: { rootSessionId: "ses_2" } }]));
  });

  it("keeps children with their roots over a reconnect", async () => {
    let count = 0;
    const asked = { id: "per_1", sessionID: "ses_2", permission: "bash", patterns: [], metadata: {}, always: [] };
    const { seen, server } = await watch((_, response) => {
      count += 1;
      begin(response);
      if (count > 1) return void response.write(event("permission.asked", asked));
      response.write(event("session.created", { info: { id: "ses_2", parentID: "ses_1" } }), () => response.end());
    });
    await eventually(() => expect(seen.news).toMatchObject([{ ask: { rootSessionId: "ses_1" } }]));
    expect(server.requests.filter((line) => line.includes("/session/"))).toEqual([]);
  });

  it("says nothing more once it is closed, and can be closed twice", async () => {
    let write = (): void => undefined;
    const { seen, stream } = await watch((_, response) => {
      begin(response);
      write = () => void response.write(event("session.status", { sessionID: "ses_1", status: { type: "busy" } }));
    });
    await eventually(() => expect(seen.opened).toBe(1));
    await stream.close();
    await stream.close();
    write();
    expect(seen).toMatchObject({ news: [], lost: [] });
  });

  it("closes at once while it waits to try again", async () => {
    const { seen, stream } = await watch((request) => request.socket.resetAndDestroy(), { delayMinMs: 60_000, delayMaxMs: 60_000 });
    await eventually(() => expect(seen.lost).toHaveLength(1));
    const startedMs = performance.now();
    await stream.close();
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });
});
