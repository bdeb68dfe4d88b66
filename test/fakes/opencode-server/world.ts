import { appendFileSync } from "node:fs";
import { type Asks, createAsks } from "./asks";
import { createShells, type Shells } from "./bash-tool";
import { createEventHub, type EventHub } from "./event-hub";
import { createFaultBoard, type FaultBoard } from "./faults";
import { newId } from "./ids";
import { type JsonObject, objectOf, textOf } from "./json";
import type { FakeOptions } from "./options";
import { openStore, type Store } from "./store";
import { createGates, type Gates } from "./waiting";

const projectId = "global";
export const noTokens = { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } } as const;

/** One fake server's whole state, and the only functions that change what it shows: each change is stored, then published. */
export interface World {
  readonly options: FakeOptions;
  readonly faults: FaultBoard;
  readonly store: Store;
  readonly hub: EventHub;
  readonly asks: Asks;
  readonly gates: Gates;
  readonly shells: Shells;
  /** Sessions that are not idle; absent means idle. */
  readonly statuses: Map<string, JsonObject>;
  createSession(request: {
    readonly directory: string;
    readonly title: string;
    readonly parentId?: string | undefined;
    readonly permission?: readonly JsonObject[] | undefined;
  }): JsonObject;
  putSession(info: JsonObject): void;
  putMessage(info: JsonObject): void;
  putPart(part: JsonObject): void;
  setStatus(sessionId: string, status: JsonObject): void;
  /** An event about a session that is told once and never stored. */
  tell(sessionId: string, type: string, properties?: JsonObject): void;
  /** Counts the turn under its task, and tells the turn log. */
  beginTurn(task: string | undefined, sessionId: string, messageId: string): void;
  /** Uses one of the `times` that a directive may act; false when they are used up. */
  spend(key: string, times: number): boolean;
}

export function createWorld(options: FakeOptions): World {
  const faults = createFaultBoard();
  for (const fault of options.faults) faults.switchOn(fault);
  const store = openStore(options.dataFile);
  const hub = createEventHub({ heartbeatMs: options.heartbeatMs, faults, project: projectId });
  const statuses = new Map<string, JsonObject>();
  const spent = new Map<string, number>();
  const directoryOf = (sessionId: string): string => textOf(store.session(sessionId), "directory") ?? options.directory;
  const tell: World["tell"] = (sessionId, type, properties = {}) =>
    hub.publish({ directory: directoryOf(sessionId), type, properties: { sessionID: sessionId, ...properties } });
  const durable = (sessionId: string, type: string, properties: JsonObject): void =>
    hub.publish({ directory: directoryOf(sessionId), type, properties: { sessionID: sessionId, ...properties }, durable: true });

  return {
    options,
    faults,
    store,
    hub,
    asks: createAsks(hub),
    gates: createGates(),
    shells: createShells(),
    statuses,
    createSession({ directory, title, parentId, permission = [] }) {
      const nowMs = Date.now();
      const parent = parentId === undefined ? {} : { parentID: parentId };
      const info = {
        ...{ id: newId("ses"), slug: "quiet-river", version: options.version, projectID: projectId, directory, path: "", title },
        ...{ cost: 0, tokens: noTokens, time: { created: nowMs, updated: nowMs } },
        ...parent,
        ...(permission.length > 0 ? { permission } : {}),
      };
      store.put({ kind: "session", info });
      durable(info.id, "session.created", { info });
      return info;
    },
    putSession(info) {
      const updated = { ...info, time: { ...objectOf(info, "time"), updated: Date.now() } };
      store.put({ kind: "session", info: updated });
      durable(textOf(info, "id") ?? "", "session.updated", { info: updated });
    },
    putMessage(info) {
      store.put({ kind: "message", info });
      durable(textOf(info, "sessionID") ?? "", "message.updated", { info });
    },
    putPart(part) {
      store.put({ kind: "part", part });
      durable(textOf(part, "sessionID") ?? "", "message.part.updated", { part, time: Date.now() });
    },
    setStatus(sessionId, status) {
      const idle = status.type === "idle";
      if (idle) statuses.delete(sessionId);
      else statuses.set(sessionId, status);
      tell(sessionId, "session.status", { status });
      if (idle) tell(sessionId, "session.idle");
    },
    tell,
    beginTurn(task, sessionId, messageId) {
      if (task !== undefined) store.put({ kind: "turn", mark: task });
      if (options.turnLog === undefined) return;
      const entry = { task, sessionId, messageId, pid: process.pid, atEpochMs: Date.now() };
      appendFileSync(options.turnLog, `${JSON.stringify(entry)}\n`);
    },
    spend(key, times) {
      const used = spent.get(key) ?? 0;
      if (used >= times) return false;
      spent.set(key, used + 1);
      return true;
    },
  };
}
