import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { type JsonObject, objectOf, parseObject, textOf } from "./json";

export interface StoredMessage {
  readonly id: string;
  readonly info: JsonObject;
  /** By part id. */
  readonly parts: ReadonlyMap<string, JsonObject>;
}

/**
 * Sessions, messages and parts as they were last written. With a file every change is appended before the call returns,
 * so a SIGKILL loses none; whatever was under way stays unfinished, as in the real one.
 */
export interface Store {
  session(id: string): JsonObject | undefined;
  sessions(): readonly JsonObject[];
  /** Oldest first, as they came: ids say nothing about the order when clocks differ (seen). */
  messages(sessionId: string): readonly StoredMessage[];
  message(sessionId: string, messageId: string): StoredMessage | undefined;
  /** Turns begun, by task mark. */
  turns(): ReadonlyMap<string, number>;
  put(record: StoreRecord): void;
}

export type StoreRecord =
  | { readonly kind: "session"; readonly info: JsonObject }
  | { readonly kind: "message"; readonly info: JsonObject }
  | { readonly kind: "part"; readonly part: JsonObject }
  | { readonly kind: "turn"; readonly mark: string };

interface MutableMessage {
  readonly id: string;
  info: JsonObject;
  readonly parts: Map<string, JsonObject>;
}

export function openStore(file: string | undefined): Store {
  const sessions = new Map<string, JsonObject>();
  const messages = new Map<string, Map<string, MutableMessage>>();
  const turns = new Map<string, number>();

  const messageOf = (sessionId: string, messageId: string): MutableMessage => {
    const ofSession = messages.get(sessionId) ?? new Map<string, MutableMessage>();
    messages.set(sessionId, ofSession);
    const message = ofSession.get(messageId) ?? { id: messageId, info: {}, parts: new Map<string, JsonObject>() };
    ofSession.set(messageId, message);
    return message;
  };
  const apply = (record: StoreRecord): void => {
    switch (record.kind) {
      case "session":
        sessions.set(textOf(record.info, "id") ?? "", record.info);
        return;
      case "message":
        messageOf(textOf(record.info, "sessionID") ?? "", textOf(record.info, "id") ?? "").info = record.info;
        return;
      case "part":
        messageOf(textOf(record.part, "sessionID") ?? "", textOf(record.part, "messageID") ?? "").parts.set(
          textOf(record.part, "id") ?? "",
          record.part,
        );
        return;
      case "turn":
        turns.set(record.mark, (turns.get(record.mark) ?? 0) + 1);
        return;
    }
  };

  for (const record of file === undefined ? [] : readRecords(file)) apply(record);
  return {
    session: (id) => sessions.get(id),
    sessions: () => [...sessions.values()],
    messages: (sessionId) => [...(messages.get(sessionId)?.values() ?? [])],
    message: (sessionId, messageId) => messages.get(sessionId)?.get(messageId),
    turns: () => new Map(turns),
    put(record) {
      apply(record);
      if (file !== undefined) appendFileSync(file, `${JSON.stringify(record)}\n`);
    },
  };
}

/** A last line cut by a kill is left out. */
function readRecords(file: string): readonly StoreRecord[] {
  mkdirSync(dirname(file), { recursive: true });
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line) => recordOf(parseObject(line)) ?? []);
}

function recordOf(value: JsonObject | undefined): StoreRecord | undefined {
  const info = objectOf(value, "info");
  const part = objectOf(value, "part");
  const mark = textOf(value, "mark");
  switch (textOf(value, "kind")) {
    case "session":
      return info && { kind: "session", info };
    case "message":
      return info && { kind: "message", info };
    case "part":
      return part && { kind: "part", part };
    case "turn":
      return mark === undefined ? undefined : { kind: "turn", mark };
    default:
      return undefined;
  }
}
