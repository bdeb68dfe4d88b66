import { readdirSync, readFileSync } from "node:fs";
import { z } from "zod";
import { EventFrames } from "../../../bridge/adapters/opencode/event-frames";
import { parseServerEvent } from "../../../bridge/adapters/opencode/server-event";
import { SessionFold } from "../../../bridge/adapters/opencode/session-fold";
import type { ServerNews, TurnReport } from "../../../bridge/ports/opencode";

const folder = new URL("../../fixtures/opencode-recordings/", import.meta.url);

const lineSchema = z.object({ d: z.record(z.string(), z.unknown()) });
const messageEventSchema = z.object({
  payload: z.object({
    type: z.literal("message.updated"),
    properties: z.object({ info: z.object({ id: z.string(), sessionID: z.string(), role: z.literal("user") }) }),
  }),
});
const busyEventSchema = z.object({
  payload: z.object({
    type: z.literal("session.status"),
    properties: z.object({ sessionID: z.string(), status: z.object({ type: z.literal("busy") }) }),
  }),
});

export const recordingNames = readdirSync(folder)
  .filter((name) => name.endsWith(".jsonl"))
  .map((name) => name.replace(".jsonl", ""))
  .sort();

/** The data of a recording's frames, in the form of `/global/event`: recordings of `/event` are wrapped. */
export function recordedFrames(name: string): readonly string[] {
  const lines = readFileSync(new URL(`${name}.jsonl`, folder), "utf8").split("\n");
  return lines
    .filter((line) => line !== "")
    .map((line) => {
      const { d } = lineSchema.parse(JSON.parse(line));
      return JSON.stringify("payload" in d ? d : { directory: "/project", payload: d });
    });
}

/** As OpenCode sends it: `data:` lines only. */
export function toEventStream(frames: readonly string[]): Buffer {
  return Buffer.from(frames.map((frame) => `data: ${frame}\n\n`).join(""));
}

export function framesOf(chunks: readonly Uint8Array[]): readonly string[] {
  const frames = new EventFrames();
  return chunks.flatMap((chunk) => frames.feed(chunk));
}

export interface Folded {
  readonly fold: SessionFold;
  readonly news: readonly ServerNews[];
}

/** One event each 100 ms, so that progress is told for each tenth at most. */
export function foldFrames(frames: readonly string[]): Folded {
  const fold = new SessionFold();
  const news = frames.flatMap((frame, index) => {
    const event = parseServerEvent(frame);
    return event === undefined ? [] : fold.apply(event, index * 100);
  });
  return { fold, news };
}

/** The session that worked first, and its user messages in order of appearance. */
export function recordedPrompts(frames: readonly string[]): { readonly sessionId: string; readonly messageIds: readonly string[] } {
  const events: readonly unknown[] = frames.map((frame) => JSON.parse(frame));
  const busy = events.map((event) => busyEventSchema.safeParse(event)).find((event) => event.success);
  const sessionId = busy?.data?.payload.properties.sessionID ?? "";
  const messageIds = events
    .map((event) => messageEventSchema.safeParse(event).data?.payload.properties.info)
    .filter((info) => info?.sessionID === sessionId)
    .map((info) => info?.id ?? "");
  return { sessionId, messageIds: [...new Set(messageIds)] };
}

/** The verdict on a recorded prompt, the first unless told otherwise, from its events alone. */
export function recordedReport(frames: readonly string[], promptIndex = 0): TurnReport {
  const { sessionId, messageIds } = recordedPrompts(frames);
  return foldFrames(frames).fold.report(sessionId, messageIds[promptIndex] ?? "");
}
