import type { ServerResponse } from "node:http";
import type { FaultBoard } from "./faults";
import { newId } from "./ids";
import type { JsonObject } from "./json";

/** `/global/event`: every stream gets every event of every directory, and a heartbeat; nothing is ever replayed. */
export interface EventHub {
  /** Takes over the response; it ends when the client goes, with `cut` or with `close`. */
  open(response: ServerResponse): void;
  /** `durable` changes are sent twice, the second time as `sync` with a number that grows by session (seen). */
  publish(event: { readonly directory: string; readonly type: string; readonly properties: JsonObject; readonly durable?: boolean }): void;
  publishGlobal(type: string): void;
  streams(): number;
  /** Frames that went out so far, to all streams together. */
  sent(): number;
  cut(): void;
  close(): void;
}

export function createEventHub(options: { readonly heartbeatMs: number; readonly faults: FaultBoard; readonly project: string }): EventHub {
  const { faults } = options;
  const streams = new Set<ServerResponse>();
  const sequence = new Map<string, number>();
  const timers = new Set<NodeJS.Timeout>();
  let held: string[] = [];
  let sent = 0;

  const send = (text: string): void => {
    sent += streams.size;
    for (const stream of streams) stream.write(`data: ${text}\n\n`);
  };
  const later = (delayMs: number, call: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      call();
    }, delayMs);
    timers.add(timer);
  };
  // `count` of the event faults is the number of frames: each `take` uses up one.
  const deliver = (payload: JsonObject): void => {
    const text = JSON.stringify(payload);
    if (faults.take("events-dropped") !== undefined) return;
    const delayed = faults.take("events-delayed");
    if (delayed !== undefined) {
      later(delayed.delayMs, () => send(text));
      return;
    }
    const reversed = faults.take("events-reversed");
    if (reversed !== undefined) {
      held.push(text);
      if (held.length < reversed.count) return;
      for (const old of held.reverse()) send(old);
      held = [];
      return;
    }
    send(text);
    if (faults.take("events-doubled") !== undefined) send(text);
  };
  const heartbeat = setInterval(() => {
    if (faults.take("heartbeats-stopped") === undefined) send(bare("server.heartbeat"));
  }, options.heartbeatMs);

  return {
    open(response) {
      response.writeHead(200, {
        "content-type": "text/event-stream",
        "cache-control": "no-cache, no-transform",
        "x-accel-buffering": "no",
        "x-content-type-options": "nosniff",
      });
      response.write(`data: ${bare("server.connected")}\n\n`);
      streams.add(response);
      response.on("close", () => streams.delete(response));
    },
    publish({ directory, type, properties, durable = false }) {
      const id = newId("evt");
      deliver({ directory, project: options.project, payload: { id, type, properties } });
      if (!durable) return;
      const aggregateID = typeof properties.sessionID === "string" ? properties.sessionID : "";
      const seq = (sequence.get(aggregateID) ?? -1) + 1;
      sequence.set(aggregateID, seq);
      const syncEvent = { id, type: `${type}.1`, seq, aggregateID, data: properties };
      deliver({ directory, project: options.project, payload: { type: "sync", syncEvent } });
    },
    publishGlobal: (type) => deliver({ payload: { id: newId("evt"), type, properties: {} } }),
    streams: () => streams.size,
    sent: () => sent,
    cut() {
      for (const stream of streams) stream.destroy();
    },
    close() {
      clearInterval(heartbeat);
      for (const timer of timers) clearTimeout(timer);
      for (const stream of streams) stream.destroy();
    },
  };
}

function bare(type: string): string {
  return JSON.stringify({ payload: { id: newId("evt"), type, properties: {} } });
}
