import { describe, expect, it } from "vitest";
import type { ServerNews } from "../../bridge/ports/opencode";
import { startTcpProxy } from "../helpers/tcp-proxy";
import type { Place } from "./opencode-place";

/** What the stream tells, and what is left when streams and servers break. */
export function openCodeStreamContract(place: () => Place): void {
  describe("the stream", () => {
    it("tells that a turn has started before it tells that it has settled, with the text in between", async () => {
      const { send, ended, until, news } = place();
      const sent = await send("[[say:hear me]]");
      await ended(sent);
      const ofSession = (): readonly ServerNews[] => news.filter((item) => "sessionId" in item && item.sessionId === sent.sessionId);
      await until(() => expect(ofSession().map(({ kind }) => kind)).toContain("settled"));
      const kinds = ofSession().map(({ kind }) => kind);
      expect(ofSession()).toContainEqual({ kind: "turn-started", sessionId: sent.sessionId, messageId: sent.messageId });
      expect(kinds.indexOf("turn-started")).toBeLessThan(kinds.indexOf("text"));
      expect(kinds.indexOf("text")).toBeLessThan(kinds.indexOf("settled"));
      expect(
        ofSession()
          .flatMap((item) => (item.kind === "text" ? [item.delta] : []))
          .join(""),
      ).toContain("hear me");
    });

    it("tells the tools of a turn and what it used", async () => {
      const { send, ended, until, news } = place();
      const sent = await send("[[bash:echo seen]] [[say:done]]");
      const { usage } = await ended(sent);
      const { sessionId } = sent;
      await until(() => {
        expect(news).toContainEqual(expect.objectContaining({ kind: "tool", sessionId, name: "bash", status: "completed" }));
        expect(news).toContainEqual({ kind: "usage", sessionId, usage });
      });
    });

    it("opens again after it broke", async () => {
      const { server, openCode, send, until } = place();
      await using proxy = await startTcpProxy(Number(new URL(server.endpoint.url).port));
      const said: string[] = [];
      const news: ServerNews[] = [];
      const stream = openCode.watch(
        { ...server.endpoint, url: `http://127.0.0.1:${proxy.port}` },
        { opened: () => said.push("opened"), lost: ({ code }) => said.push(code), alive: () => {}, news: (item) => news.push(item) },
      );
      try {
        await until(() => expect(said).toEqual(["opened"]));
        proxy.breakAll();
        await until(() => expect(said).toEqual(["opened", "INSTANCE_UNRESPONSIVE", "opened"]));
        const { sessionId } = await send("[[say:still here]]");
        await until(() => expect(news).toContainEqual({ kind: "settled", sessionId }));
      } finally {
        await stream.close();
      }
    });

    it("keeps its sessions when it is killed, and tells the turn that was under way as interrupted", async () => {
      const { client, server, send, ended, until, news } = place();
      const done = await send("[[say:before]]");
      await ended(done);
      const cut = await send("[[slow:10000:50]]");
      await until(() => expect(news.some((item) => item.kind === "text" && item.sessionId === cut.sessionId)).toBe(true));
      await server.restart();
      await until(async () => expect((await client.turn(cut)).kind).toBe("interrupted"));
      expect(await client.turn(done)).toMatchObject({ kind: "ended", outcome: { kind: "succeeded" }, text: "before" });
      const next = await send("[[say:after]]", { sessionId: cut.sessionId });
      expect(await ended(next)).toMatchObject({ outcome: { kind: "succeeded" }, text: "after" });
      expect((await client.turn(cut)).kind).toBe("interrupted");
    });
  });
}
