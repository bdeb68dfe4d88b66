import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createOpenCode } from "../../bridge/adapters/opencode/opencode";
import type { EventStream, OpenCodeClient, ServerNews } from "../../bridge/ports/opencode";
import { type FakeServer, startFakeServer } from "../fakes/opencode-server/server";
import { eventually } from "../helpers/eventually";
import { type TempFolder, tempFolder } from "../helpers/temp-folder";

const openCode = createOpenCode({ requestDeadlineMs: 300, settleDelaysMs: [], delayMinMs: 10, silentMs: 300 });

describe("a fault of the fake OpenCode server", () => {
  let folder: TempFolder;
  let server: FakeServer;
  let client: OpenCodeClient;
  let stream: EventStream;
  let news: ServerNews[];
  let life: string[];

  beforeEach(async () => {
    folder = await tempFolder("octo-faults");
    server = await startFakeServer({ directory: folder.path, heartbeatMs: 20 });
    client = openCode.connect(server);
    news = [];
    life = [];
    stream = openCode.watch(server, {
      opened: () => life.push("opened"),
      lost: ({ code }) => life.push(code),
      alive: () => life.push("alive"),
      news: (item) => news.push(item),
    });
    await eventually(() => expect(server.streams()).toBe(1));
  });

  afterEach(async () => {
    await stream.close();
    await client.close();
    await server.stop();
    await folder[Symbol.asyncDispose]();
  });

  const request = async (text: string) => {
    const { sessionId } = await client.createSession({ directory: folder.path, title: "fault" });
    const parts = [{ id: openCode.partId(), content: { kind: "text", text } }] as const;
    return { directory: folder.path, sessionId, messageId: openCode.messageId(), parts };
  };
  const endsWell = (sent: Awaited<ReturnType<typeof request>>): Promise<void> =>
    eventually(async () => expect(await client.turn(sent)).toMatchObject({ kind: "ended", outcome: { kind: "succeeded" } }));

  it("loses the answer to a prompt, and the prompt runs once", async () => {
    server.fault({ kind: "prompt-answer-lost", times: 1 });
    const sent = await request("[[task:lost]] [[say:done]]");
    await expect(client.prompt(sent)).rejects.toMatchObject({ code: "INSTANCE_UNRESPONSIVE" });
    await endsWell(sent);
    await client.prompt(sent);
    await endsWell(sent);
    expect(server.turns().get("lost")).toBe(1);
  });

  it("says 204 and forgets the prompt", async () => {
    server.fault({ kind: "prompt-ignored", stored: false, times: 1 });
    const sent = await request("[[task:forgotten]]");
    await client.prompt(sent);
    expect(await client.turn(sent)).toEqual({ kind: "absent" });
    await client.prompt(sent);
    await endsWell(sent);
    expect(server.turns().get("forgotten")).toBe(1);
  });

  it("says 204 and stores the prompt without a turn", async () => {
    server.fault({ kind: "prompt-ignored", stored: true, times: 1 });
    const sent = await request("[[task:stored]]");
    await client.prompt(sent);
    await eventually(async () => expect(await client.turn(sent)).toEqual({ kind: "stored" }));
    await client.prompt(sent);
    await endsWell(sent);
  });

  it("starts a turn long after the 204", async () => {
    server.fault({ kind: "start-delayed", storedAfterMs: 80, busyAfterMs: 80, times: 1 });
    const sent = await request("[[say:late]]");
    await client.prompt(sent);
    expect(await client.turn(sent)).toEqual({ kind: "absent" });
    await eventually(async () => expect(await client.turn(sent)).toEqual({ kind: "stored" }));
    await endsWell(sent);
  });

  it("is silent on health while its heart beats", async () => {
    server.fault({ kind: "health-silent" });
    await expect(client.health()).rejects.toMatchObject({ code: "INSTANCE_UNRESPONSIVE" });
    const beats = life.length;
    await eventually(() => expect(life.length).toBeGreaterThan(beats));
    server.fault({ kind: "mended" });
    expect(await client.health()).toEqual({ version: "1.18.33" });
  });

  it("stops its heart, and cuts its streams", async () => {
    server.fault({ kind: "heartbeats-stopped" });
    await eventually(() => expect(life).toContain("INSTANCE_UNRESPONSIVE"));
    server.fault({ kind: "mended" });
    await eventually(() => expect(server.streams()).toBe(1));
    life = [];
    server.fault({ kind: "streams-cut" });
    await eventually(() => expect(life.filter((item) => item !== "alive")).toEqual(["INSTANCE_UNRESPONSIVE", "opened"]));
  });

  it.each([
    { kind: "events-dropped", count: 1_000 },
    { kind: "events-doubled", count: 1_000 },
    { kind: "events-delayed", count: 1_000, delayMs: 50 },
    { kind: "events-reversed", count: 5 },
  ] as const)("lets a turn end while it plays $kind", async (fault) => {
    const sent = await request("[[say:word]]");
    server.fault(fault);
    await client.prompt(sent);
    await endsWell(sent);
    const texts = (): number => news.filter(({ kind }) => kind === "text").length;
    const wanted = { "events-dropped": 0, "events-doubled": 2, "events-delayed": 1, "events-reversed": 1 }[fault.kind];
    await eventually(() => expect(texts()).toBe(wanted));
  });

  it.each([
    { answer: "500", code: "OPENCODE_ANSWER_INVALID" },
    { answer: "html", code: "OPENCODE_ANSWER_INVALID" },
    { answer: "garbage", code: "OPENCODE_ANSWER_INVALID" },
    { answer: "hang", code: "INSTANCE_UNRESPONSIVE" },
  ] as const)("answers a route with $answer", async ({ answer, code }) => {
    server.fault({ kind: "route-broken", path: "/global/health", answer, times: 1 });
    await expect(client.health()).rejects.toMatchObject({ code });
    await client.health();
  });
});
