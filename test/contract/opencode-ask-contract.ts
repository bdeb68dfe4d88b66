import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Place } from "./opencode-place";

/** Permissions and questions, of a session and of those below it. */
export function openCodeAskContract(place: () => Place): void {
  describe("asks", () => {
    it("waits for a permission, and goes on when it is given", async () => {
      const { client, directory, send, ask, ended, until, news } = place();
      const sent = await send("[[ask:echo allowed]] [[say:done]]");
      const open = await ask(sent);
      expect(open).toMatchObject({ sessionId: sent.sessionId, content: { kind: "permission", permission: "bash" } });
      expect(open.content.kind === "permission" && open.content.patterns.join()).toContain("echo allowed");
      await until(() => expect(news).toContainEqual({ kind: "ask-opened", directory, ask: open }));
      expect((await client.turn(sent)).kind).toBe("running");
      await client.answer({ id: open.id, directory, kind: "permission" }, { kind: "allow", scope: "once" });
      expect(await ended(sent)).toMatchObject({ outcome: { kind: "succeeded" }, text: "done" });
      await until(() =>
        expect(news).toContainEqual({
          kind: "ask-closed",
          askId: open.id,
          closing: { kind: "answered", answer: { kind: "allow", scope: "once" } },
        }),
      );
      expect(await client.asks(directory)).toEqual([]);
    });

    it("knows an ask only until it is answered", async () => {
      const { client, directory, send, ask, ended } = place();
      const sent = await send("[[ask:echo twice]] [[say:done]]");
      const { id } = await ask(sent);
      await client.answer({ id, directory, kind: "permission" }, { kind: "allow", scope: "once" });
      const again = client.answer({ id, directory, kind: "permission" }, { kind: "allow", scope: "once" });
      await expect(again).rejects.toMatchObject({ code: "ASK_UNKNOWN" });
      await ended(sent);
    });

    it("stops the turn when a permission is denied without a word", async () => {
      const { client, directory, send, ask, ended } = place();
      const sent = await send("[[ask:echo denied]] [[say:never said]]");
      const { id } = await ask(sent);
      await client.answer({ id, directory, kind: "permission" }, { kind: "deny" });
      expect((await ended(sent)).outcome).toEqual({ kind: "stopped" });
    });

    it("lets the model go on when a permission is denied with a reason", async () => {
      const { client, directory, send, ask, ended } = place();
      const sent = await send("[[ask:echo denied]] [[say:another way]]");
      const { id } = await ask(sent);
      await client.answer({ id, directory, kind: "permission" }, { kind: "deny", message: "not this way" });
      expect(await ended(sent)).toMatchObject({ outcome: { kind: "succeeded" }, text: "another way" });
    });

    it("names the root session of what a subagent asks", async () => {
      const { client, directory, send, ask, ended, until, news } = place();
      const sent = await send("[[child:[[ask:echo child]]]] [[say:child is done]]");
      const open = await ask(sent);
      expect(open.sessionId).not.toBe(sent.sessionId);
      await until(() => expect(news).toContainEqual({ kind: "ask-opened", directory, ask: open }));
      await client.answer({ id: open.id, directory, kind: "permission" }, { kind: "allow", scope: "once" });
      expect(await ended(sent)).toMatchObject({ outcome: { kind: "succeeded" }, text: "child is done" });
    });

    it("waits for the answer to a question, and goes on with it", async () => {
      const { client, directory, send, ask, ended, news } = place();
      const sent = await send("[[question:Always?|Yes]] [[say:asked]]");
      const open = await ask(sent);
      expect(open.content).toMatchObject({
        kind: "question",
        questions: [{ question: "Always?", options: [{ label: "Yes" }], multiple: false }],
      });
      await client.answer({ id: open.id, directory, kind: "question" }, { kind: "answers", answers: [["Yes"]] });
      expect((await ended(sent)).outcome).toEqual({ kind: "succeeded" });
      expect(news.filter((item) => item.kind === "ask-opened" && item.ask.sessionId === sent.sessionId)).toHaveLength(1);
    });

    it("stops the turn when a question is dismissed", async () => {
      const { client, directory, send, ask, ended } = place();
      const sent = await send("[[question:Which?|A|B]] [[say:never said]]");
      const { id } = await ask(sent);
      await client.answer({ id, directory, kind: "question" }, { kind: "deny" });
      expect((await ended(sent)).outcome).toEqual({ kind: "stopped" });
    });

    it("lets the model go on when a question is denied with a reason, which is its answer then", async () => {
      const { client, directory, send, ask, ended } = place();
      const sent = await send("[[question:Which?|A|B]] [[say:my own way]]");
      const { id } = await ask(sent);
      await client.answer({ id, directory, kind: "question" }, { kind: "deny", message: "nobody is there: choose yourself" });
      expect(await ended(sent)).toMatchObject({ outcome: { kind: "succeeded" }, text: "my own way" });
    });

    it("asks, allows and denies what the rules of the session say, the last that matches first", async () => {
      const { client, directory, send, ask, ended } = place();
      const permissions = [
        { permission: "bash", pattern: "echo *", action: "ask" },
        { permission: "bash", pattern: "echo free*", action: "allow" },
        { permission: "bash", pattern: "touch *", action: "deny" },
      ] as const;
      const { sessionId } = await client.createSession({ directory, title: "contract", permissions });
      const sent = await send("[[bash:echo free]] [[bash:touch never]] [[bash:echo guarded]] [[say:done]]", { sessionId });
      const open = await ask(sent);
      expect(open.content).toMatchObject({ permission: "bash", patterns: ["echo guarded"] });
      await client.answer({ id: open.id, directory, kind: "permission" }, { kind: "allow", scope: "once" });
      expect(await ended(sent)).toMatchObject({ outcome: { kind: "succeeded" }, text: "done" });
      expect(existsSync(join(directory, "never"))).toBe(false);
    });

    it("forgets the asks of a turn that is aborted", async () => {
      const { client, directory, send, ask, ended } = place();
      const sent = await send("[[ask:echo left]]");
      await ask(sent);
      await client.abort(sent);
      expect((await ended(sent)).outcome).toEqual({ kind: "aborted" });
      expect((await client.asks(directory)).filter(({ rootSessionId }) => rootSessionId === sent.sessionId)).toEqual([]);
    });
  });
}
