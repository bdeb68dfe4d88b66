import { z } from "zod";

/**
 * The fields of OpenCode's answers and events that octo uses, and no others: OpenCode may add what it likes.
 * Source: `GET /doc` of OpenCode 1.18.33.
 */

const tokensSchema = z.object({
  input: z.number(),
  output: z.number(),
  reasoning: z.number(),
  cache: z.object({ read: z.number(), write: z.number() }),
});

export const healthSchema = z.object({ healthy: z.literal(true), version: z.string().min(1) });

export const sessionSchema = z.object({
  id: z.string(),
  parentID: z.string().optional(),
  cost: z.number().optional(),
  tokens: tokensSchema.optional(),
});
export type SessionInfo = z.infer<typeof sessionSchema>;

export const statusSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("idle") }),
  z.object({ type: z.literal("busy") }),
  z.object({ type: z.literal("retry"), attempt: z.number(), message: z.string(), next: z.number() }),
]);
export type SessionStatus = z.infer<typeof statusSchema>;
/** Holds the sessions that are not idle. */
export const statusMapSchema = z.record(z.string(), statusSchema);

export const turnErrorSchema = z.object({
  name: z.string(),
  data: z.object({ message: z.string().optional(), statusCode: z.number().optional() }).optional(),
});
export type TurnError = z.infer<typeof turnErrorSchema>;

export const messageInfoSchema = z.object({
  id: z.string(),
  sessionID: z.string(),
  role: z.enum(["user", "assistant"]),
  parentID: z.string().optional(),
  time: z.object({ created: z.number(), completed: z.number().optional() }),
  finish: z.string().optional(),
  error: turnErrorSchema.optional(),
  /** True on the answer of a compaction; an object of diffs on user messages. */
  summary: z.unknown().optional(),
  cost: z.number().optional(),
  tokens: tokensSchema.optional(),
});
export type MessageInfo = z.infer<typeof messageInfoSchema>;

export const partSchema = z.object({
  id: z.string(),
  sessionID: z.string(),
  messageID: z.string(),
  type: z.string(),
  text: z.string().optional(),
  synthetic: z.boolean().optional(),
  ignored: z.boolean().optional(),
  auto: z.boolean().optional(),
  tool: z.string().optional(),
  state: z
    .object({
      status: z.string(),
      title: z.string().optional(),
      input: z.record(z.string(), z.unknown()).optional().catch(undefined),
      metadata: z
        .object({ sessionId: z.string().optional().catch(undefined) })
        .optional()
        .catch(undefined),
    })
    .optional(),
});
export type Part = z.infer<typeof partSchema>;

export const messageSchema = z.object({ info: messageInfoSchema, parts: z.array(partSchema) });
export type Message = z.infer<typeof messageSchema>;
export const messageListSchema = z.array(messageSchema);

export const permissionSchema = z.object({
  id: z.string(),
  sessionID: z.string(),
  permission: z.string(),
  patterns: z.array(z.string()),
  metadata: z.record(z.string(), z.unknown()).default({}),
  always: z.array(z.string()).default([]),
});
export type PermissionRequest = z.infer<typeof permissionSchema>;

export const questionSchema = z.object({
  id: z.string(),
  sessionID: z.string(),
  questions: z.array(
    z.object({
      question: z.string(),
      header: z.string(),
      options: z.array(z.object({ label: z.string(), description: z.string().default("") })),
      multiple: z.boolean().optional(),
    }),
  ),
});
export type QuestionRequest = z.infer<typeof questionSchema>;

export const providersSchema = z.object({
  providers: z.array(z.object({ id: z.string(), models: z.record(z.string(), z.unknown()) })),
});

/** Both forms of an error body: `{name, data}` and `{_tag, message}`. */
export const errorBodySchema = z.object({
  name: z.string().optional(),
  _tag: z.string().optional(),
  message: z.string().optional(),
  data: z.object({ message: z.string().optional(), path: z.string().optional() }).optional().catch(undefined),
});
