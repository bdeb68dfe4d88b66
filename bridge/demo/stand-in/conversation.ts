import { createHash } from "node:crypto";
import { z } from "zod";

const messageSchema = z.looseObject({
  role: z.string(),
  content: z.union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))]).nullish(),
  tool_calls: z.array(z.unknown()).nullish(),
});

const requestSchema = z.looseObject({
  model: z.string(),
  stream: z.literal(true),
  messages: z.array(messageSchema).min(1),
});

type Message = z.infer<typeof messageSchema>;

/** What one chat completions request says, in the stand-in's words. */
export interface Conversation {
  /** Who asks: the agent at work, or one of OpenCode's own helpers (told apart by their system prompts, 1.18.33). */
  readonly purpose: "work" | "title" | "summary";
  readonly model: string;
  /** The newest user message. */
  readonly prompt: string;
  /** The newest message is that user message: nothing was done about it yet. */
  readonly fresh: boolean;
  /** How many tools were called since the newest user message. */
  readonly callsMade: number;
  readonly userMessages: number;
  readonly messages: number;
  /** The same for every request that sends the same messages. */
  readonly digest: string;
  readonly bytes: number;
}

/** Reads the body of `POST /v1/chat/completions`; raises zod's error when it is not a streaming request. */
export function parseConversation(body: string): Conversation {
  const request = requestSchema.parse(JSON.parse(body));
  const { messages } = request;
  const newestUser = messages.findLastIndex((message) => message.role === "user");
  const after = messages.slice(newestUser + 1);
  return {
    purpose: purposeOf(messages),
    model: request.model,
    prompt: newestUser === -1 ? "" : textOf(messages[newestUser]),
    fresh: newestUser !== -1 && after.length === 0,
    callsMade: after.reduce((sum, message) => sum + (message.tool_calls?.length ?? 0), 0),
    userMessages: messages.filter((message) => message.role === "user").length,
    messages: messages.length,
    digest: createHash("sha256").update(JSON.stringify(messages)).digest("base64url"),
    bytes: Buffer.byteLength(body),
  };
}

function purposeOf(messages: readonly Message[]): Conversation["purpose"] {
  const system = messages
    .filter((message) => message.role === "system")
    .map(textOf)
    .join("\n");
  if (system.startsWith("You are a title generator")) return "title";
  if (system.startsWith("You are a context summarization agent")) return "summary";
  return "work";
}

function textOf(message: Message | undefined): string {
  const content = message?.content;
  if (content === null || content === undefined) return "";
  return typeof content === "string" ? content : content.map((part) => part.text ?? "").join("\n");
}
