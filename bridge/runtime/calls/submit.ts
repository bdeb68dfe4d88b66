import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import type { TaskId } from "../../../shared/ids";
import type { SubmitParams, SubmitResult } from "../../../shared/protocol";
import { branchName, slug } from "../../../shared/slug";
import type { TaskSpec } from "../../../shared/task";
import type { Event } from "../../core/event";
import { foresee } from "../../core/foresee";
import { setupOf } from "../../core/project";
import { hasEnded, type SessionRef, type Task, type TaskOrigin } from "../../core/task";
import { plural } from "../../figures";
import { newTaskId } from "../../ids";
import { inert } from "../../inert";
import { OctoError } from "../../octo-error";
import type { Recorder } from "../requests";
import type { ServiceParts } from "../service-parts";
import { findTask } from "../task-lookup";
import { taskView } from "../task-view";
import { dedicatedInstance, ensureInstance, hasInstance } from "./spawn";

const titleCharsMax = 72;

/** Checks everything that can be checked before the task is accepted; once accepted, it ends with an outcome. */
export async function submit(parts: ServiceParts, params: SubmitParams, record: Recorder): Promise<SubmitResult> {
  refuseWhenFull(parts);
  const spec = specOf(parts, params);
  await checkAttachments(spec.attachments);
  const id = newTaskId(parts.randomBytes);
  const { origin, notices } = await originOf(parts, spec, { id, keep: true });
  return accept(parts, taskOf(parts, { id, spec, origin }), { notices, record });
}

/** Where the task would be placed now, and why; nothing is accepted. */
export async function preview(parts: ServiceParts, params: SubmitParams): Promise<{ readonly lines: readonly string[] }> {
  const spec = specOf(parts, params);
  await checkAttachments(spec.attachments);
  const id = newTaskId(parts.randomBytes);
  const { origin, notices } = await originOf(parts, spec, { id, keep: false });
  return { lines: [...foresee(taskOf(parts, { id, spec, origin }), parts.engine.state), ...notices] };
}

/** The next prompt in the session and the worktree of an ended task. TASK_NOT_ENDED, TASK_NO_SESSION. */
export async function reply(
  parts: ServiceParts,
  params: { readonly taskId: TaskId; readonly prompt: string; readonly attachments?: readonly string[] | undefined },
  record: Recorder,
): Promise<SubmitResult> {
  refuseWhenFull(parts);
  const before = findTask(parts, params.taskId);
  if (!hasEnded(before)) throw new OctoError("TASK_NOT_ENDED", `${before.id} is still ${before.state.kind}`);
  const pin = sessionOf(parts, before);
  const attachments = params.attachments ?? [];
  await checkAttachments(attachments);
  const spec: TaskSpec = { ...before.spec, prompt: params.prompt, attachments, after: [], replyTo: before.id };
  return accept(
    parts,
    { ...taskOf(parts, { id: newTaskId(parts.randomBytes), spec, origin: before.origin }), pin, branch: before.branch },
    { notices: [], record },
  );
}

function sessionOf(parts: ServiceParts, before: Task): SessionRef {
  const { session } = before;
  if (!session) throw new OctoError("TASK_NO_SESSION", `${before.id} has no session to go on with`);
  if (!parts.engine.state.instances.has(session.instanceId)) {
    throw new OctoError("TASK_NO_SESSION", `${before.id} ran on ${session.instanceId}, which is gone`);
  }
  return session;
}

function refuseWhenFull(parts: ServiceParts): void {
  parts.store.checkFreeSpace();
  const { tasks, policy } = parts.engine.state;
  if (tasks.size >= policy.queueMax)
    throw new OctoError("QUEUE_FULL", `${tasks.size} tasks have not ended, the limit is ${policy.queueMax}`);
}

function specOf({ config }: ServiceParts, params: SubmitParams): TaskSpec {
  const defaults = config.tasks;
  return {
    prompt: params.prompt,
    directory: params.directory,
    model: params.model ?? defaults.model,
    agent: params.agent ?? defaults.agent,
    variant: params.variant,
    attachments: params.attachments ?? [],
    isolation: params.isolation ?? defaults.isolation,
    withChanges: params.withChanges ?? false,
    attemptsMax: params.attemptsMax ?? defaults.attemptsMax,
    runTimeMaxMs: params.runTimeMaxMs ?? defaults.runTimeMaxMs,
    queueTimeMaxMs: params.queueTimeMaxMs ?? defaults.queueTimeMaxMs,
    tokensMax: params.tokensMax ?? 0,
    costMax: params.costMax ?? 0,
    priority: params.priority ?? 0,
    after: params.after ?? [],
    filter: { instances: [], hosts: [], labels: [], ...params.filter },
    strategy: params.strategy,
    permissions: [...defaults.permissions, ...(params.permissions ?? [])],
  };
}

async function checkAttachments(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const readable = await access(path, constants.R_OK).then(
      async () => (await stat(path)).isFile(),
      () => false,
    );
    if (!readable) throw new OctoError("ATTACHMENT_UNREADABLE", `${path} is no readable file`);
  }
}

async function originOf(
  parts: ServiceParts,
  spec: TaskSpec,
  { id, keep }: { readonly id: TaskId; readonly keep: boolean },
): Promise<{ readonly origin: TaskOrigin; readonly notices: readonly string[] }> {
  if (spec.isolation === "in-place") {
    const info = await stat(spec.directory).catch(() => undefined);
    if (!info?.isDirectory()) throw new OctoError("DIRECTORY_MISSING", `${spec.directory} is no folder`);
    return { origin: { kind: "in-place", directory: spec.directory }, notices: [] };
  }
  const info = await parts.workspaces.inspect(spec.directory);
  if (info.kind === "plain") throw new OctoError("DIRECTORY_NOT_REPOSITORY", `${spec.directory} is in no git repository`);
  const base =
    spec.withChanges && info.dirtyFiles > 0 ? await parts.workspaces.captureChanges(info.root, keep ? id : undefined) : info.head;
  const left = spec.withChanges ? 0 : info.dirtyFiles;
  const notices = left === 0 ? [] : [`${plural(left, "file")} not included (uncommitted); --with-changes takes them along`];
  const branch = branchName(id, slug(spec.prompt));
  const homeOnly = setupOf(parts.config.projects, info.root) === undefined ? undefined : true;
  return { origin: { kind: "repository", repository: info.root, prefix: info.prefix, branch, base, homeOnly }, notices };
}

function taskOf(
  parts: ServiceParts,
  { id, spec, origin }: { readonly id: TaskId; readonly spec: TaskSpec; readonly origin: TaskOrigin },
): Task {
  const now = parts.engine.now();
  return {
    id,
    sequence: parts.nextSequence(),
    spec,
    title: titleOf(spec.prompt),
    origin,
    submittedAtEpochMs: now.epochMs,
    blockedBy: blockersOf(parts, spec.after),
    state: { kind: "queued", sinceMs: now.ms, notBeforeMs: now.ms },
    attempts: [],
    attemptsUsed: 0,
    text: "",
  };
}

/** The first line that says something, inert, as a commit's subject. */
function titleOf(prompt: string): string {
  const line = inert(prompt)
    .split("\n")
    .map((each) => each.trim())
    .find((each) => each !== "");
  const title = (line ?? "task").replace(/\s+/g, " ");
  return title.length <= titleCharsMax ? title : `${title.slice(0, titleCharsMax - 1)}…`;
}

/** Dependencies that have yet to succeed. TASK_UNKNOWN, TASK_DEPENDENCY_FAILED. */
function blockersOf(parts: ServiceParts, after: readonly TaskId[]): readonly TaskId[] {
  return after.filter((id) => {
    const { state } = findTask(parts, id);
    if (state.kind === "failed" || state.kind === "cancelled") throw new OctoError("TASK_DEPENDENCY_FAILED", `${id} has ${state.kind}`);
    return state.kind !== "succeeded";
  });
}

/** Acts with what the task needs to have somewhere to run: nothing, a first instance, or one of its own. */
export function withInstance<Result>(parts: ServiceParts, task: Task, act: (before: readonly Event[]) => Promise<Result>): Promise<Result> {
  const own = task.spec.isolation === "server";
  if (task.pin || (!own && hasInstance(parts))) return act([]);
  return parts.spawning.run(async () => act(own ? await dedicatedInstance(parts, task.id) : await ensureInstance(parts)));
}

async function accept(
  parts: ServiceParts,
  task: Task,
  { notices, record }: { readonly notices: readonly string[]; readonly record: Recorder },
): Promise<SubmitResult> {
  const result: SubmitResult = { task: taskView(task, parts.engine.now()), notices };
  await withInstance(parts, task, (before) => {
    // Those it comes after may have ended meanwhile.
    const current: Task = { ...task, blockedBy: blockersOf(parts, task.spec.after) };
    return parts.intake.submit({ task: current, before, record: record(result) });
  });
  return result;
}
