import { z } from "zod";
import type { OpenCodeClient } from "../../../bridge/ports/opencode";
import { askId } from "../../fakes/samples";

/** Of the recorded session. */
const place = { directory: "/project", sessionId: "ses_df729758effeS5zlEfrvq9hgQg" };
const messageId = "msg_208d68a79001Ts5GiT33OYN0EX";
const permission = { id: askId("per_208d68f7b001YZUdjZjT7lGtve"), directory: "/project", kind: "permission" } as const;
const question = { ...permission, id: askId("que_208d68fd7001nyOZnWVXb0PJMK"), kind: "question" } as const;

const text = z.string().max(1024 * 1024);
const count = z.number().min(0);
const usage = z.strictObject({ tokensIn: count, tokensOut: count, cost: count });
const error = z.strictObject({ code: z.string(), message: text });
const outcome = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.enum(["succeeded", "aborted", "truncated", "stopped"]) }),
  z.strictObject({ kind: z.literal("failed"), error }),
]);
const retry = z.strictObject({ attempt: count, message: text, nextAtEpochMs: count.max(8.64e15) });
const turn = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.enum(["absent", "stored"]) }),
  z.strictObject({ kind: z.literal("running"), toolRuns: z.boolean().optional(), retry: retry.optional() }),
  z.strictObject({ kind: z.literal("interrupted"), usage }),
  z.strictObject({ kind: z.literal("ended"), outcome, text, usage }),
]);
const ask = z.strictObject({
  id: z.templateLiteral([z.enum(["per_", "que_"]), z.string()]),
  sessionId: text,
  rootSessionId: text,
  content: z.looseObject({ kind: z.enum(["permission", "question"]) }).refine((content) => JSON.stringify(content).length < 1024 * 1024),
});

export interface Call {
  /** What an answer that was taken must look like. */
  readonly result: z.ZodType;
  readonly make: (client: OpenCodeClient) => Promise<unknown>;
}

const nothing = z.undefined();
const parts = [{ id: "prt_208d68a79002Ts5GiT33OYN0EX", content: { kind: "text", text: "hi" } }] as const;

/** Every method of the port, with each way to answer. */
export const calls: Readonly<Record<string, Call>> = {
  health: { result: z.strictObject({ version: text.min(1) }), make: (client) => client.health() },
  createSession: {
    result: z.strictObject({ sessionId: text }),
    make: (client) => client.createSession({ directory: "/project", title: "fuzz", permissions: [] }),
  },
  prompt: { result: nothing, make: (client) => client.prompt({ ...place, messageId, parts }) },
  turn: { result: turn, make: (client) => client.turn({ ...place, messageId }) },
  "turn of an unknown prompt": { result: turn, make: (client) => client.turn({ ...place, messageId: "msg_none" }) },
  abort: { result: nothing, make: (client) => client.abort(place) },
  asks: { result: z.array(ask), make: (client) => client.asks("/project") },
  "answer a permission": {
    result: nothing,
    make: (client) => client.answer(permission, { kind: "allow", scope: "once" }),
  },
  "answer a question": { result: nothing, make: (client) => client.answer(question, { kind: "answers", answers: [["Red"]] }) },
  models: { result: z.array(text), make: (client) => client.models("/project") },
  disposeDirectory: { result: nothing, make: (client) => client.disposeDirectory("/project") },
  transcript: {
    result: z.array(z.strictObject({ role: z.enum(["user", "assistant", "tool"]), text: z.string() })),
    make: (client) => client.transcript(place),
  },
};

export function callNamed(name: string): Call {
  const call = calls[name];
  if (call === undefined) throw new Error(`no call ${name}`);
  return call;
}
