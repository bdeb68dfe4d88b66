import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Place } from "./opencode-place";

/** From a prompt to its end, told by message id. */
export function openCodeTurnContract(place: () => Place): void {
  describe("turns", () => {
    it("says its version and its models", async () => {
      const { client, directory, server } = place();
      expect((await client.health()).version).toMatch(/^1\.18\.\d+$/);
      expect(await client.models(directory)).toContain(server.model);
    });

    it("knows nothing of a prompt before it is sent", async () => {
      const { client, directory, openCode, session } = place();
      expect(await client.turn({ directory, sessionId: await session(), messageId: openCode.messageId() })).toEqual({ kind: "absent" });
    });

    it("runs a prompt until it has succeeded", async () => {
      const { client, send, ended, until, server } = place();
      const sent = await send("[[gate:first]] [[say:All is well.]]");
      await until(async () => expect((await client.turn(sent)).kind).toBe("running"));
      await server.openGate("first");
      const report = await ended(sent);
      expect(report).toMatchObject({ outcome: { kind: "succeeded" }, text: "All is well." });
      expect(report.usage.tokensIn).toBeGreaterThan(0);
      expect(report.usage.cost).toBeGreaterThan(0);
    });

    it("tells that a tool is at work for as long as it is", async () => {
      const { client, directory, send, ended, until } = place();
      const sent = await send("[[bash:until test -e tool-may-end; do sleep 0.05; done]] [[say:done]]");
      await until(async () => expect(await client.turn(sent)).toEqual({ kind: "running", toolRuns: true }));
      await writeFile(join(directory, "tool-may-end"), "");
      expect(await ended(sent)).toMatchObject({ outcome: { kind: "succeeded" } });
    });

    it("runs a prompt once, however often it is sent", async () => {
      const { client, directory, openCode, session, ended, until, server, news } = place();
      const sessionId = await session();
      const part = { id: openCode.partId(), content: { kind: "text", text: "[[task:once]] [[gate:once]] [[say:once]]" } } as const;
      const request = { directory, sessionId, messageId: openCode.messageId(), parts: [part] };
      await Promise.all([client.prompt(request), client.prompt(request)]);
      await until(async () => expect((await client.turn(request)).kind).toBe("running"));
      await client.prompt(request);
      await server.openGate("once");
      await ended(request);
      const settledBefore = news.filter((item) => item.kind === "settled" && item.sessionId === sessionId).length;
      await client.prompt(request);
      await until(() =>
        expect(news.filter((item) => item.kind === "settled" && item.sessionId === sessionId).length).toBeGreaterThan(settledBefore),
      );
      expect(await ended(request)).toMatchObject({ outcome: { kind: "succeeded" }, text: "once" });
      expect(await server.turns("once")).toBe(1);
      const texts = (await client.transcript({ directory, sessionId })).filter(({ role }) => role === "user");
      expect(texts).toHaveLength(1);
    });

    it("runs a prompt that comes while another runs after it", async () => {
      const { send, ended, until, client, server } = place();
      const first = await send("[[gate:queue]] [[say:one]]");
      await until(async () => expect((await client.turn(first)).kind).toBe("running"));
      const second = await send("[[say:two]]", { sessionId: first.sessionId });
      await server.openGate("queue");
      expect(await ended(second)).toMatchObject({ outcome: { kind: "succeeded" }, text: "two" });
      expect(await ended(first)).toMatchObject({ outcome: { kind: "succeeded" }, text: "one" });
    });

    it("runs commands in the session's folder, marked with its pid", async () => {
      const { send, ended, directory, server } = place();
      const report = await ended(await send('[[bash:echo "$OPENCODE_PID $PWD" > marks.txt]] [[say:done]]'));
      expect(report.outcome).toEqual({ kind: "succeeded" });
      expect(await readFile(join(directory, "marks.txt"), "utf8")).toBe(`${server.pid()} ${directory}\n`);
    });

    it("takes files along with a prompt", async () => {
      const { client, directory, openCode, session, ended } = place();
      const path = join(directory, "notes.txt");
      await writeFile(path, "a note\n");
      const parts = [
        { id: openCode.partId(), content: { kind: "text", text: "[[say:read]]" } },
        { id: openCode.partId(), content: { kind: "file", path, mime: "text/plain" } },
      ] as const;
      const request = { directory, sessionId: await session(), messageId: openCode.messageId(), parts };
      await client.prompt(request);
      expect(await ended(request)).toMatchObject({ outcome: { kind: "succeeded" }, text: "read" });
    });

    it("says when the model's output limit cut an answer", async () => {
      const { send, ended } = place();
      expect((await ended(await send("[[say:far too]] [[length]]"))).outcome).toEqual({ kind: "truncated" });
    });

    it("ends a turn in the middle of its text when it is aborted", async () => {
      const { client, send, ended, until, news } = place();
      const sent = await send("[[slow:10000:50]]");
      await until(() => expect(news.some((item) => item.kind === "text" && item.sessionId === sent.sessionId)).toBe(true));
      await client.abort(sent);
      expect((await ended(sent)).outcome).toEqual({ kind: "aborted" });
    });

    it("ends a command and its turn when it is aborted", async () => {
      const { client, directory, send, ended, until } = place();
      await mkdir(join(directory, "abort"), { recursive: true });
      const sent = await send("[[bash:echo $$ > abort/pid.txt; sleep 300]]");
      const pid = await until(async () => Number.parseInt(await readFile(join(directory, "abort/pid.txt"), "utf8"), 10));
      await client.abort(sent);
      expect((await ended(sent)).outcome).toEqual({ kind: "aborted" });
      await until(() => expect(() => process.kill(pid, 0)).toThrow());
    });
  });
}
