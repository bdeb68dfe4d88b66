import { z } from "zod";
import { ruleActions } from "../../shared/ask";
import { type ErrorCode, errorCodes } from "../../shared/errors";
import type { AskId, HostId, InstanceId, TaskId } from "../../shared/ids";
import { attemptOutcomes, isolations, strategies } from "../../shared/task";
import type { Day } from "../core/day";
import { afterStops, type Instance, unreadyReasons } from "../core/instance";
import { continuations, type Task } from "../core/task";
import { parseDocument } from "./parse-document";

// Tasks and instances as the store keeps them. A document that does not fit is a fault worth stopping for: STORE_CORRUPT.

const id = <Id extends string>() => z.custom<Id>((value) => typeof value === "string" && value.length > 0);
const taskId = id<TaskId>();
const instanceId = id<InstanceId>();
const ms = z.number();
const text = z.string();
const codes = new Set<string>(Object.keys(errorCodes));
const errorCode = z.custom<ErrorCode>((value) => typeof value === "string" && codes.has(value));
const error = z.object({ code: errorCode, message: text });
const usage = z.object({ tokensIn: z.number(), tokensOut: z.number(), cost: z.number() });
const sessionRef = z.object({ instanceId, sessionId: text, directory: text, slot: z.number() });

const spec = z.object({
  prompt: text,
  directory: text,
  model: text.optional(),
  agent: text.optional(),
  variant: text.optional(),
  attachments: z.array(text),
  isolation: z.enum(isolations),
  withChanges: z.boolean(),
  attemptsMax: z.number(),
  runTimeMaxMs: ms,
  queueTimeMaxMs: ms,
  tokensMax: z.number(),
  costMax: z.number(),
  priority: z.number(),
  after: z.array(taskId),
  filter: z.object({ instances: z.array(instanceId), hosts: z.array(id<HostId>()), labels: z.array(text) }),
  strategy: z.enum(strategies).optional(),
  replyTo: taskId.optional(),
  permissions: z.array(z.object({ permission: text, pattern: text, action: z.enum(ruleActions) })).optional(),
});

const branch = z.object({
  repository: text,
  branch: text,
  base: text,
  commit: text,
  files: z.array(text),
  merged: z.object({ into: text, commit: text }).optional(),
  dropped: z.boolean().optional(),
});

const end = z.object({
  outcome: z.enum(attemptOutcomes),
  next: z.enum(continuations),
  error: error.optional(),
  notBeforeMs: ms.optional(),
});

const retry = z.object({ attempt: z.number(), message: text, nextAtEpochMs: ms });
const kind = <Name extends string>(name: Name) => z.literal(name);

const phase = z.discriminatedUnion("kind", [
  z.object({ kind: kind("preparing") }),
  z.object({ kind: kind("opening"), tries: z.number(), dueAtMs: ms.optional() }),
  z.object({ kind: kind("sending") }),
  z.object({ kind: kind("accepted"), dueAtMs: ms }),
  z.object({ kind: kind("doubtful"), tries: z.number(), dueAtMs: ms.optional() }),
  z.object({ kind: kind("started"), progressAtMs: ms, settledAtMs: ms.optional(), dueAtMs: ms.optional(), retry: retry.optional() }),
  z.object({ kind: kind("waiting"), askIds: z.array(id<AskId>()) }),
  z.object({ kind: kind("aborting"), end, tries: z.number(), dueAtMs: ms.optional(), unseen: z.boolean().optional() }),
  z.object({ kind: kind("collecting"), end, tries: z.number(), dueAtMs: ms.optional() }),
]);

const workspace = z.object({
  directory: text,
  branch: z.object({ repository: text, worktree: text, name: text, base: text }).optional(),
});

const attempt = z.object({
  number: z.number(),
  instanceId,
  host: id<HostId>().optional(),
  incarnation: z.number(),
  slot: z.number(),
  step: z.number(),
  resumes: sessionRef.optional(),
  workspace: workspace.optional(),
  sessionId: text.optional(),
  messageId: text.optional(),
  partIds: z.array(text),
  sends: z.number(),
  phase,
  ending: end.optional(),
  ranMs: ms,
  runningSinceMs: ms,
  placedAtMs: ms,
  heldSinceMs: ms.optional(),
  usage,
  booked: usage.optional(),
  sessionError: error.optional(),
});

const attemptRecord = z.object({
  number: z.number(),
  instanceId,
  incarnation: z.number(),
  sessionId: text.optional(),
  messageId: text.optional(),
  outcome: z.enum(attemptOutcomes),
  error: error.optional(),
  usage,
  durationMs: ms,
});

const taskState = z.discriminatedUnion("kind", [
  z.object({ kind: kind("queued"), sinceMs: ms, notBeforeMs: ms }),
  z.object({ kind: kind("active"), attempt }),
  z.object({ kind: kind("succeeded"), endedAtEpochMs: ms }),
  z.object({ kind: kind("failed"), endedAtEpochMs: ms, error }),
  z.object({ kind: kind("cancelled"), endedAtEpochMs: ms, error }),
]);

const origin = z.discriminatedUnion("kind", [
  z.object({ kind: kind("in-place"), directory: text }),
  z.object({ kind: kind("repository"), repository: text, prefix: text, branch: text, base: text, homeOnly: z.boolean().optional() }),
]);

const task: z.ZodType<Task> = z.object({
  id: taskId,
  sequence: z.number(),
  spec,
  title: text,
  origin,
  submittedAtEpochMs: ms,
  blockedBy: z.array(taskId),
  pin: sessionRef.optional(),
  session: sessionRef.optional(),
  state: taskState,
  attempts: z.array(attemptRecord),
  attemptsUsed: z.number(),
  forgivenAttempts: z.number().optional(),
  placement: z.object({ instanceId, strategy: z.enum(strategies), reasons: z.array(text) }).optional(),
  branch: branch.optional(),
  text,
});

const instanceState = z.discriminatedUnion("kind", [
  z.object({ kind: kind("queued") }),
  z.object({ kind: kind("starting"), deadlineMs: ms }),
  z.object({ kind: kind("ready") }),
  z.object({ kind: kind("unready"), reason: z.enum(unreadyReasons) }),
  z.object({ kind: kind("draining"), next: z.enum(afterStops), sinceMs: ms.optional() }),
  z.object({ kind: kind("stopping"), next: z.enum(afterStops), killed: z.boolean() }),
  z.object({ kind: kind("sweeping"), error, fatal: z.boolean() }),
  z.object({ kind: kind("backoff"), restartAtMs: ms, error }),
  z.object({ kind: kind("failed"), error }),
  z.object({ kind: kind("stopped"), resting: z.boolean() }),
]);

const instance: z.ZodType<Instance> = z.object({
  id: instanceId,
  name: text,
  host: id<HostId>(),
  labels: z.array(text),
  slots: z.number(),
  port: z.number(),
  portFixed: z.boolean(),
  incarnation: z.number(),
  identity: z.object({ pid: z.number(), startTime: text, bootId: text }).optional(),
  startedAtEpochMs: ms.optional(),
  version: text.optional(),
  dedicatedTo: taskId.optional(),
  directories: z.array(z.object({ directory: text, repository: text })),
  state: instanceState,
  exitsAtMs: z.array(ms),
  health: z.object({ aliveAtMs: ms, probing: z.boolean(), rssBytes: z.number().optional(), cpuMs: ms.optional() }),
});

const day: z.ZodType<Day> = z.object({
  name: text,
  booked: usage,
  allowed: z.object({ tokens: z.number(), cost: z.number() }),
  reached: text.optional(),
});

export const parseDay = (json: string): Day => parseDocument(day, "day", json);
export const parseTask = (json: string): Task => parseDocument(task, "task", json);
export const parseInstance = (json: string): Instance => parseDocument(instance, "instance", json);
