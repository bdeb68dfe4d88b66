import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../shared/errors";
import type { Place, Sent } from "./opencode-place";

/** What goes wrong, and as what it arrives. */
export function openCodeFailureContract(place: () => Place): void {
  const settledWith = ({ sessionId }: Sent, code: ErrorCode): Promise<void> =>
    place().until(() => {
      const wanted = { kind: "settled", sessionId, error: expect.objectContaining({ code }) };
      expect(place().news.filter((item) => item.kind === "settled" && item.sessionId === sessionId)).toContainEqual(wanted);
    });

  describe("failures", () => {
    it("fails a turn that the provider does not let in", async () => {
      const { send, ended } = place();
      expect((await ended(await send("[[status:401]]"))).outcome).toMatchObject({ kind: "failed", error: { code: "PROVIDER_AUTH" } });
    });

    it("tries again when the provider is in trouble", async () => {
      const { send, ended, news } = place();
      const sent = await send("[[status:500:1]] [[say:back again]]");
      expect(await ended(sent)).toMatchObject({ outcome: { kind: "succeeded" }, text: "back again" });
      const retrying = news.find((item) => item.kind === "retrying" && item.sessionId === sent.sessionId);
      expect(retrying).toMatchObject({ retry: { attempt: 1 } });
    });

    it("aborts a turn that waits for a retry", async () => {
      const { client, send, ended, until } = place();
      const sent = await send("[[status:429:1:300]]");
      await until(async () => expect(await client.turn(sent)).toMatchObject({ kind: "running", retry: { attempt: 1 } }));
      await client.abort(sent);
      expect((await ended(sent)).outcome).toEqual({ kind: "aborted" });
    });

    it("stores a prompt for a model that it does not have, and answers the next one", async () => {
      const { client, send, ended, server } = place();
      const sent = await send("[[say:no]]", { model: "standin/nothing" });
      await settledWith(sent, "MODEL_UNKNOWN");
      expect(await client.turn(sent)).toEqual({ kind: "stored" });
      const next = await send("[[say:yes]]", { sessionId: sent.sessionId, model: server.model });
      expect(await ended(next)).toMatchObject({ outcome: { kind: "succeeded" }, text: "yes" });
    });

    it("does not store a prompt for an agent that it does not have", async () => {
      const { client, send } = place();
      const sent = await send("[[say:no]]", { agent: "nobody" });
      await settledWith(sent, "AGENT_UNKNOWN");
      expect(await client.turn(sent)).toEqual({ kind: "absent" });
    });

    it("refuses a prompt for a session that it does not have", async () => {
      const { client, directory, openCode, send } = place();
      const sessionId = "ses_000000000000unknownunknown";
      await expect(send("[[say:no]]", { sessionId })).rejects.toMatchObject({ code: "SESSION_UNKNOWN" });
      expect(await client.turn({ directory, sessionId, messageId: openCode.messageId() })).toEqual({ kind: "absent" });
    });

    it("lets nobody in without its password", async () => {
      const { openCode, server } = place();
      const stranger = openCode.connect({ ...server.endpoint, password: "wrong" });
      try {
        await expect(stranger.health()).rejects.toMatchObject({ code: "OPENCODE_UNAUTHORISED" });
      } finally {
        await stranger.close();
      }
    });

    it("says which project configuration is broken, and stays healthy", async () => {
      const { client, directory } = place();
      const broken = join(directory, "broken");
      await mkdir(broken, { recursive: true });
      await writeFile(join(broken, "opencode.json"), "{ nothing");
      const refused = client.createSession({ directory: broken, title: "contract" });
      await expect(refused).rejects.toMatchObject({ code: "OPENCODE_PROJECT_CONFIG_BROKEN", message: expect.stringContaining(broken) });
      await client.health();
    });
  });
}
