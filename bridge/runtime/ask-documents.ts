import { z } from "zod";
import type { AskSurface } from "../../shared/ask";
import { askSurfaces } from "../../shared/ask";
import type { AuditEntry } from "../../shared/audit";
import type { AskId, HostId, InstanceId, TaskId } from "../../shared/ids";
import type { OpenAsk } from "../core/open-ask";
import { parseDocument } from "./parse-document";

// Asks and the audit trail as the store keeps them.

const id = <Id extends string>() => z.custom<Id>((value) => typeof value === "string" && value.length > 0);
const text = z.string();
const texts = z.array(text);

const content = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("permission"),
    permission: text,
    patterns: texts,
    patternsLeftOut: z.number(),
    always: texts,
    details: z.array(z.object({ name: text, text })),
  }),
  z.object({
    kind: z.literal("question"),
    questions: z.array(
      z.object({
        header: text,
        question: text,
        options: z.array(z.object({ label: text, description: text })),
        multiple: z.boolean(),
      }),
    ),
  }),
]);

const answer = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("allow"), scope: z.enum(["once", "always"]) }),
  z.object({ kind: z.literal("deny"), message: text.optional() }),
  z.object({ kind: z.literal("answers"), answers: z.array(texts) }),
]);

// A surface of a later octo is one that this one does not know.
const surface = z.enum(askSurfaces).catch("api" satisfies AskSurface);

const decider = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("person"), surface }),
  z.object({ kind: z.literal("rule"), rule: text }),
  z.object({ kind: z.literal("time-limit") }),
  z.object({ kind: z.literal("opencode") }),
  z.object({ kind: z.literal("nobody") }),
  z.object({ kind: z.literal("unknown") }),
]);

const ask: z.ZodType<OpenAsk> = z.object({
  id: id<AskId>(),
  instanceId: id<InstanceId>(),
  sessionId: text,
  rootSessionId: text,
  directory: text,
  content,
  askedAtEpochMs: z.number(),
  taskId: id<TaskId>().optional(),
  openedAtMs: z.number(),
  decision: z.object({ answer, by: decider, failures: z.number(), dueAtMs: z.number().optional() }).optional(),
});

const auditEntry: z.ZodType<AuditEntry> = z.object({
  askId: id<AskId>(),
  taskId: id<TaskId>().optional(),
  instanceId: id<InstanceId>(),
  instanceName: text,
  host: id<HostId>(),
  sessionId: text,
  directory: text,
  content,
  askedAtEpochMs: z.number(),
  closedAtEpochMs: z.number(),
  by: decider,
  answer: answer.optional(),
  confirmed: z.boolean(),
});

export const parseAsk = (json: string): OpenAsk => parseDocument(ask, "ask", json);
export const parseAuditEntry = (json: string): AuditEntry => parseDocument(auditEntry, "entry of the audit trail", json);
