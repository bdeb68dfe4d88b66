import { z } from "zod";
import { countSchema, endOfText, epochMsSchema, idSchema, listOf, mapOf, textUpTo, wordSchema } from "./bounded-schemas";

/**
 * The fields of OpenCode's answers and events that octo uses, and no others: OpenCode may add what it likes.
 * Source: `GET /doc` of OpenCode 1.18.33.
 */

/** Shown on one line, or a few. */
const shownCharactersMax = 4_000;
/** Of one text of an answer. */
const answerCharactersMax = 256 * 1024;
const questionCharactersMax = 8 * 1024;
const optionCharactersMax = 1_000;

const tokensSchema = z.object({
  input: countSchema,
  output: countSchema,
  reasoning: countSchema,
  cache: z.object({ read: countSchema, write: countSchema }),
});

export const healthSchema = z.object({ healthy: z.literal(true), version: z.string().min(1).max(200) });

export const sessionSchema = z.object({
  id: idSchema,
  parentID: idSchema.optional(),
  cost: countSchema.optional(),
  tokens: tokensSchema.optional(),
});
export type SessionInfo = z.infer<typeof sessionSchema>;

export const statusSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("idle") }),
  z.object({ type: z.literal("busy") }),
  z.object({ type: z.literal("retry"), attempt: countSchema, message: textUpTo(shownCharactersMax), next: epochMsSchema }),
]);
export type SessionStatus = z.infer<typeof statusSchema>;
/** Holds the sessions that are not idle. */
export const statusMapSchema = mapOf(statusSchema);

export const turnErrorSchema = z.object({
  name: textUpTo(shownCharactersMax),
  data: z.object({ message: textUpTo(shownCharactersMax).optional(), statusCode: z.number().optional() }).optional(),
});
export type TurnError = z.infer<typeof turnErrorSchema>;

export const messageInfoSchema = z.object({
  id: idSchema,
  sessionID: idSchema,
  role: z.enum(["user", "assistant"]),
  parentID: idSchema.optional(),
  time: z.object({ created: epochMsSchema, completed: epochMsSchema.optional() }),
  finish: wordSchema.optional(),
  error: turnErrorSchema.optional(),
  /** True on the answer of a compaction; an object of diffs on user messages. */
  summary: z.unknown().optional(),
  cost: countSchema.optional(),
  tokens: tokensSchema.optional(),
});
export type MessageInfo = z.infer<typeof messageInfoSchema>;

export const partSchema = z.object({
  id: idSchema,
  sessionID: idSchema,
  messageID: idSchema,
  type: wordSchema,
  text: endOfText(answerCharactersMax).optional(),
  synthetic: z.boolean().optional(),
  ignored: z.boolean().optional(),
  auto: z.boolean().optional(),
  tool: wordSchema.optional(),
  state: z
    .object({
      status: wordSchema,
      title: textUpTo(shownCharactersMax).optional(),
      input: z.record(z.string(), z.unknown()).optional().catch(undefined),
      metadata: z
        .object({ sessionId: idSchema.optional().catch(undefined) })
        .optional()
        .catch(undefined),
    })
    .optional(),
});
export type Part = z.infer<typeof partSchema>;

export const messageSchema = z.object({ info: messageInfoSchema, parts: listOf(partSchema) });
export type Message = z.infer<typeof messageSchema>;
export const messageListSchema = listOf(messageSchema);

export const permissionSchema = z.object({
  id: idSchema,
  sessionID: idSchema,
  permission: wordSchema,
  patterns: listOf(z.string()),
  metadata: z.record(z.string(), z.unknown()).default({}),
  always: listOf(z.string()).default([]),
});
export type PermissionRequest = z.infer<typeof permissionSchema>;

export const questionSchema = z.object({
  id: idSchema,
  sessionID: idSchema,
  questions: listOf(
    z.object({
      question: textUpTo(questionCharactersMax),
      header: textUpTo(shownCharactersMax),
      options: listOf(z.object({ label: textUpTo(optionCharactersMax), description: textUpTo(optionCharactersMax).default("") })),
      multiple: z.boolean().optional(),
    }),
  ),
});
export type QuestionRequest = z.infer<typeof questionSchema>;

export const providersSchema = z.object({
  providers: listOf(z.object({ id: wordSchema, models: z.record(z.string(), z.unknown()) })),
});

/** Both forms of an error body: `{name, data}` and `{_tag, message}`. */
export const errorBodySchema = z.object({
  name: z.string().optional(),
  _tag: z.string().optional(),
  message: z.string().optional(),
  data: z.object({ message: z.string().optional(), path: z.string().optional() }).optional().catch(undefined),
});
