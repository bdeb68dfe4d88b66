import { z } from "zod";
import type { AskAnswer } from "../../../shared/ask";
import type { AskId } from "../../../shared/ids";
import { parseJson } from "../../parse-json";
import { isAskId, type RootlessAsk, toPermissionAsk, toQuestionAsk } from "./asks";
import { idSchema, listOf, textUpTo, wordSchema } from "./bounded-schemas";
import {
  type MessageInfo,
  messageInfoSchema,
  type Part,
  partSchema,
  permissionSchema,
  questionSchema,
  type SessionStatus,
  statusSchema,
  type TurnError,
  turnErrorSchema,
} from "./schemas";

/** The events of OpenCode that octo follows, in its own words. */
export type ServerEvent =
  | { readonly kind: "session"; readonly sessionId: string; readonly parentId: string | undefined }
  | { readonly kind: "session-deleted"; readonly sessionId: string }
  | { readonly kind: "status"; readonly sessionId: string; readonly status: SessionStatus }
  /** Follows an idle status; once more than that says nothing new. */
  | { readonly kind: "idle"; readonly sessionId: string }
  | { readonly kind: "error"; readonly sessionId: string; readonly error: TurnError }
  | { readonly kind: "message"; readonly sessionId: string; readonly info: MessageInfo }
  | { readonly kind: "part"; readonly sessionId: string; readonly part: Part }
  | {
      readonly kind: "delta";
      readonly sessionId: string;
      readonly messageId: string;
      readonly partId: string;
      readonly text: string;
    }
  | { readonly kind: "ask"; readonly sessionId: string; readonly directory: string; readonly ask: RootlessAsk }
  | { readonly kind: "ask-closed"; readonly sessionId: string; readonly askId: AskId; readonly answer?: AskAnswer | undefined };

const deltaCharactersMax = 64 * 1024;
const answerCharactersMax = 8 * 1024;

const envelopeSchema = z.object({
  directory: z.string().optional(),
  payload: z.object({ type: wordSchema, properties: z.record(z.string(), z.unknown()) }),
});

const sessionEventSchema = z.object({ info: z.object({ id: idSchema, parentID: idSchema.optional() }) });
const idEventSchema = z.object({ sessionID: idSchema });
const statusEventSchema = idEventSchema.extend({ status: statusSchema });
const errorEventSchema = idEventSchema.extend({ error: turnErrorSchema });
const messageEventSchema = z.object({ info: messageInfoSchema });
const partEventSchema = z.object({ part: partSchema });
const deltaEventSchema = idEventSchema.extend({
  messageID: idSchema,
  partID: idSchema,
  field: z.literal("text"),
  delta: textUpTo(deltaCharactersMax),
});
const closedEventSchema = idEventSchema.extend({
  requestID: idSchema,
  reply: z.enum(["once", "always", "reject"]).optional().catch(undefined),
  answers: listOf(listOf(textUpTo(answerCharactersMax)))
    .optional()
    .catch(undefined),
});

/**
 * Reads the JSON of one `/global/event` frame; undefined for what octo does not follow or cannot read. The `sync` copies of durable
 * changes have no `properties` and fall out here.
 */
export function parseServerEvent(json: string): ServerEvent | undefined {
  const envelope = envelopeSchema.safeParse(parseJson(json));
  if (!envelope.success) return undefined;
  const { directory, payload } = envelope.data;
  return toEvent(payload.type, payload.properties, directory ?? "");
}

function toEvent(type: string, properties: unknown, directory: string): ServerEvent | undefined {
  switch (type) {
    case "session.created":
    case "session.updated":
      return read(sessionEventSchema, properties, ({ info }) => ({ kind: "session", sessionId: info.id, parentId: info.parentID }));
    case "session.deleted":
      return read(sessionEventSchema, properties, ({ info }) => ({ kind: "session-deleted", sessionId: info.id }));
    case "session.status":
      return read(statusEventSchema, properties, (event) => ({ kind: "status", sessionId: event.sessionID, status: event.status }));
    case "session.idle":
      return read(idEventSchema, properties, (event) => ({ kind: "idle", sessionId: event.sessionID }));
    case "session.error":
      return read(errorEventSchema, properties, (event) => ({ kind: "error", sessionId: event.sessionID, error: event.error }));
    case "message.updated":
      return read(messageEventSchema, properties, ({ info }) => ({ kind: "message", sessionId: info.sessionID, info }));
    case "message.part.updated":
      return read(partEventSchema, properties, ({ part }) => ({ kind: "part", sessionId: part.sessionID, part }));
    case "message.part.delta":
      return read(deltaEventSchema, properties, (event) => ({
        kind: "delta",
        sessionId: event.sessionID,
        messageId: event.messageID,
        partId: event.partID,
        text: event.delta,
      }));
    default:
      return toAskEvent(type, properties, directory);
  }
}

function toAskEvent(type: string, properties: unknown, directory: string): ServerEvent | undefined {
  const opened = (ask: RootlessAsk | undefined): ServerEvent | undefined =>
    ask && { kind: "ask", sessionId: ask.sessionId, directory, ask };
  switch (type) {
    case "permission.asked":
      return read(permissionSchema, properties, (request) => opened(toPermissionAsk(request)));
    case "question.asked":
      return read(questionSchema, properties, (request) => opened(toQuestionAsk(request)));
    case "permission.replied":
    case "question.replied":
    case "question.rejected":
      return read(closedEventSchema, properties, ({ sessionID, requestID, reply, answers }) =>
        isAskId(requestID)
          ? { kind: "ask-closed", sessionId: sessionID, askId: requestID, answer: answerOf(type, reply, answers) }
          : undefined,
      );
    default:
      return undefined;
  }
}

function answerOf(
  type: string,
  reply: "once" | "always" | "reject" | undefined,
  answers: readonly (readonly string[])[] | undefined,
): AskAnswer | undefined {
  if (type === "question.rejected" || reply === "reject") return { kind: "deny" };
  if (reply) return { kind: "allow", scope: reply };
  return answers && { kind: "answers", answers };
}

function read<Value>(
  schema: z.ZodType<Value>,
  properties: unknown,
  build: (value: Value) => ServerEvent | undefined,
): ServerEvent | undefined {
  const parsed = schema.safeParse(properties);
  return parsed.success ? build(parsed.data) : undefined;
}
