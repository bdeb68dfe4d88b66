import type { InstanceEvent, SessionEvent } from "../../bridge/core/event";
import type { Instance } from "../../bridge/core/instance";
import type { Task } from "../../bridge/core/task";
import type { TurnOutcome } from "../../bridge/core/turn";
import type { Ask } from "../../shared/ask";
import type { ErrorCode, ErrorInfo } from "../../shared/errors";
import type { InstanceId, TaskId } from "../../shared/ids";
import type { BranchResult, TaskSpec, Usage } from "../../shared/task";
import { askId, instanceId, local, taskId } from "../fakes/samples";
import type { World } from "./world";

export const one = taskId("1");
export const two = taskId("2");
export const a = instanceId("a");
export const b = instanceId("b");

type Without<Union, Field extends string> = Union extends unknown ? Omit<Union, Field> : never;

export const usage = (tokens: number, cost = 0): Usage => ({ tokensIn: tokens, tokensOut: 0, cost });
export const error = (code: ErrorCode): ErrorInfo => ({ code, message: code });

let sequence = 0;

export function aTask(id: TaskId, change: Partial<Omit<Task, "spec">> & { readonly spec?: Partial<TaskSpec> } = {}): Task {
  sequence += 1;
  const spec: TaskSpec = {
    prompt: "fix the parser",
    directory: "/repo",
    attachments: [],
    isolation: "worktree",
    withChanges: false,
    attemptsMax: 3,
    runTimeMaxMs: 3_600_000,
    queueTimeMaxMs: 0,
    tokensMax: 0,
    costMax: 0,
    priority: 0,
    after: [],
    filter: { instances: [], hosts: [], labels: [] },
    ...change.spec,
  };
  return {
    id,
    sequence,
    title: "fix the parser",
    origin: { kind: "repository", repository: "/repo", prefix: "", branch: `octo/${id}`, base: "c0" },
    submittedAtEpochMs: 1_700_000_000_000,
    blockedBy: spec.after,
    state: { kind: "queued", sinceMs: 0, notBeforeMs: 0 },
    attempts: [],
    attemptsUsed: 0,
    text: "",
    ...change,
    spec,
  };
}

export function anInstance(id: InstanceId, change: Partial<Instance> = {}): Instance {
  return {
    id,
    name: id,
    host: local,
    labels: [],
    slots: 4,
    port: 0,
    portFixed: false,
    incarnation: 0,
    state: { kind: "queued" },
    directories: [],
    exitsAtMs: [],
    health: { aliveAtMs: 0, probing: false },
    ...change,
  };
}

export function submit(world: World, id: TaskId, spec: Partial<TaskSpec> = {}): void {
  world.send({ kind: "task-submitted", task: aTask(id, { spec }) });
}

/** News of the instance's present start. */
export function says(world: World, id: InstanceId, news: Without<InstanceEvent, "instanceId" | "incarnation">) {
  return world.send({ ...news, instanceId: id, incarnation: world.instance(id).incarnation });
}

/** A new instance that is up and takes work. */
export function ready(world: World, id: InstanceId, change: Partial<Instance> = {}): void {
  world.send({ kind: "instance-requested", instance: anInstance(id, change) });
  comeUp(world, id);
}

/** From `starting` to `ready`. */
export function comeUp(world: World, id: InstanceId): void {
  const { incarnation } = world.instance(id);
  const identity = { pid: 100 + incarnation, startTime: `${incarnation}`, bootId: "boot" };
  says(world, id, { kind: "instance-launched", identity, port: 41_001 });
  says(world, id, { kind: "instance-answered", version: "1.18.33" });
  says(world, id, { kind: "stream-opened" });
}

/** News of the stream about the task's session. */
export function hears(world: World, id: TaskId, news: Without<SessionEvent, "instanceId" | "incarnation" | "sessionId">) {
  const { instanceId, incarnation, sessionId } = world.attempt(id);
  if (sessionId === undefined) throw new Error(`${id} has no session`);
  return world.send({ ...news, instanceId, incarnation, sessionId });
}

const rank = (stage: string) => stages.map(String).indexOf(stage);
const stages = ["preparing", "opening", "sending", "accepted", "started"] as const;

/** Takes a placed task on to a stage, kindly answered. */
export function reach(world: World, id: TaskId, stage: (typeof stages)[number]): void {
  const { number, instanceId, slot } = world.attempt(id);
  const root = `/pool/${instanceId}/${slot}`;
  const branch = { repository: "/repo", worktree: root, name: `octo/${id}`, base: "c0" };
  const steps: Readonly<Record<(typeof stages)[number], () => void>> = {
    preparing: () => undefined,
    opening: () => world.answer(id, { kind: "workspace-prepared", workspace: { directory: root, branch } }),
    sending: () => world.answer(id, { kind: "session-opened", ...promptIds(world, id, number) }),
    accepted: () => world.answer(id, { kind: "prompt-accepted" }),
    started: () => hears(world, id, { kind: "turn-started", messageId: world.attempt(id).messageId ?? "" }),
  };
  for (const each of stages) {
    if (rank(world.stage(id)) < rank(each)) steps[each]();
    if (each === stage) return;
  }
}

function promptIds(world: World, id: TaskId, number: number) {
  const sessionId = world.attempt(id).resumes?.sessionId ?? `ses_${id}_${number}`;
  return { sessionId, messageId: `msg_${id}_${number}_${world.nowMs}`, partIds: [`prt_${id}_${number}`] };
}

/** The server's verdict on the turn, asked for by a hint of the stream. */
export function settle(world: World, id: TaskId, outcome: TurnOutcome, used: Usage = usage(10)): void {
  hears(world, id, { kind: "turn-settled" });
  world.answer(id, { kind: "turn-inspected", report: { kind: "ended", outcome, text: "done", usage: used } });
}

export function branchOf(id: TaskId): BranchResult {
  return { repository: "/repo", branch: `octo/${id}`, base: "c0", commit: "c1", files: ["a.ts"] };
}

/** The worktree is committed: the attempt is over. */
export function finish(world: World, id: TaskId): void {
  world.answer(id, { kind: "workspace-finished", branch: branchOf(id) });
}

export function anAsk(world: World, id: TaskId, name = "per_1", change: Partial<Ask> = {}): Ask {
  const { instanceId, sessionId = "" } = world.attempt(id);
  const details = [{ name: "command", text: "npm test" }];
  const content = { kind: "permission", permission: "bash", patterns: ["npm test"], always: [], patternsLeftOut: 0, details } as const;
  const told = { id: askId(name), instanceId, sessionId, rootSessionId: sessionId, directory: "/repo", content };
  return { ...told, askedAtEpochMs: world.epochMs, ...change };
}

/** The task's session asks a person. */
export function asks(world: World, id: TaskId, name = "per_1", change: Partial<Ask> = {}): Ask {
  const ask = anAsk(world, id, name, change);
  says(world, ask.instanceId, { kind: "ask-opened", ask });
  return ask;
}

/** The instance's process ends, and what it left behind is gone. */
export function dies(world: World, id: InstanceId): void {
  says(world, id, { kind: "instance-exited", error: error("INSTANCE_EXITED") });
  says(world, id, { kind: "instance-swept" });
}
