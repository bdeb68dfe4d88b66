import { extname } from "node:path";
import type { AttemptEffect } from "../core/effect";
import { composePrompt } from "../core/prompt";
import type { ActiveTask, Workspace } from "../core/task";
import { localHost } from "../ids";
import { OctoError } from "../octo-error";
import type { OpenCodeClient, PromptPart } from "../ports/opencode";
import type { Workspaces } from "../ports/workspaces";
import type { EffectParts } from "./effect-parts";
import { mimeOf } from "./mime";

/** Errors after which nobody knows whether the prompt arrived. */
const doubtful = new Set(["INSTANCE_UNRESPONSIVE", "INSTANCE_NOT_READY", "OPENCODE_ANSWER_INVALID"]);

/** One effect of one attempt; its answer carries the effect's fence. */
export async function runAttemptEffect(parts: EffectParts, effect: AttemptEffect): Promise<void> {
  switch (effect.kind) {
    case "prepare-workspace":
      return prepare(parts, effect);
    case "open-session":
      return openSession(parts, effect);
    case "send-prompt":
      return sendPrompt(parts, effect);
    case "inspect-turn":
      return inspect(parts, effect);
    case "abort-turn":
      return abort(parts, effect);
    case "finish-workspace":
      return finish(parts, effect);
  }
}

async function prepare(parts: EffectParts, { fence, task }: AttemptEffect): Promise<void> {
  try {
    parts.post({ kind: "workspace-prepared", fence, workspace: await prepareWorkspace(parts, task) });
  } catch (thrown) {
    parts.post({ kind: "workspace-failed", fence, error: parts.errorOf(thrown) });
  }
}

async function prepareWorkspace(parts: EffectParts, task: ActiveTask): Promise<Workspace> {
  const { origin } = task;
  if (origin.kind === "in-place") return { directory: origin.directory };
  const { instanceId, slot } = task.state.attempt;
  const { repository, prefix, branch, base } = origin;
  return workspacesOf(parts, task).prepare({
    ...{ taskId: task.id, instanceId, slot, repository, prefix, branch, base },
    setup: parts.setupOf(repository),
  });
}

/** Of the machine where the attempt was placed. */
function workspacesOf(parts: EffectParts, { state: { attempt } }: ActiveTask): Workspaces {
  const host = attempt.host ?? parts.state().instances.get(attempt.instanceId)?.host ?? localHost;
  return parts.machines.of(host).workspaces;
}

async function openSession(parts: EffectParts, { fence, task }: AttemptEffect): Promise<void> {
  const { attempt } = task.state;
  try {
    const client = clientOf(parts, task);
    const directory = directoryOf(task);
    const { permissions } = task.spec;
    const sessionId =
      attempt.resumes?.sessionId ?? (await client.createSession({ directory, title: `octo ${task.title}`, permissions })).sessionId;
    const partIds = [undefined, ...task.spec.attachments].map(() => parts.openCode.partId());
    parts.post({ kind: "session-opened", fence, sessionId, messageId: parts.openCode.messageId(), partIds });
  } catch (thrown) {
    parts.post({ kind: "session-failed", fence, error: parts.errorOf(thrown) });
  }
}

async function sendPrompt(parts: EffectParts, { fence, task }: AttemptEffect): Promise<void> {
  const { spec } = task;
  try {
    const turn = turnOf(task);
    await clientOf(parts, task).prompt({ ...turn, parts: promptParts(task), model: spec.model, agent: spec.agent, variant: spec.variant });
    parts.post({ kind: "prompt-accepted", fence });
  } catch (thrown) {
    const error = parts.errorOf(thrown);
    parts.post({ kind: doubtful.has(error.code) ? "prompt-doubtful" : "prompt-refused", fence, error });
  }
}

function promptParts(task: ActiveTask): readonly PromptPart[] {
  const [first, ...others] = task.state.attempt.partIds;
  if (first === undefined) throw new OctoError("INTERNAL", `${task.id} is sent without part ids`);
  const files = task.spec.attachments.flatMap((path, index): PromptPart[] => {
    const id = others[index];
    return id === undefined ? [] : [{ id, content: { kind: "file", path, mime: mimeOf(extname(path)) } }];
  });
  return [{ id: first, content: { kind: "text", text: composePrompt(task) } }, ...files];
}

async function inspect(parts: EffectParts, { fence, task }: AttemptEffect): Promise<void> {
  try {
    parts.post({ kind: "turn-inspected", fence, report: await clientOf(parts, task).turn(turnOf(task)) });
  } catch (thrown) {
    parts.post({ kind: "inspection-failed", fence, error: parts.errorOf(thrown) });
  }
}

async function abort(parts: EffectParts, { fence, task }: AttemptEffect): Promise<void> {
  try {
    const { directory, sessionId } = turnOf(task);
    await clientOf(parts, task).abort({ directory, sessionId });
    parts.post({ kind: "turn-aborted", fence });
  } catch (thrown) {
    parts.post({ kind: "inspection-failed", fence, error: parts.errorOf(thrown) });
  }
}

async function finish(parts: EffectParts, { fence, task }: AttemptEffect): Promise<void> {
  const { attempt } = task.state;
  try {
    if (!attempt.workspace) throw new OctoError("INTERNAL", `${task.id} has no workspace to finish`);
    const subject = attempt.number === 1 ? task.title : `${task.title} (attempt ${attempt.number})`;
    const branch = await workspacesOf(parts, task).finish({
      taskId: task.id,
      attempt: attempt.number,
      workspace: attempt.workspace,
      subject,
    });
    parts.post({ kind: "workspace-finished", fence, branch });
  } catch (thrown) {
    parts.post({ kind: "finish-failed", fence, error: parts.errorOf(thrown) });
  }
}

function clientOf(parts: EffectParts, task: ActiveTask): OpenCodeClient {
  return parts.links.client(task.state.attempt.instanceId, task.state.attempt.incarnation);
}

function directoryOf(task: ActiveTask): string {
  return task.state.attempt.resumes?.directory ?? task.state.attempt.workspace?.directory ?? task.spec.directory;
}

function turnOf(task: ActiveTask): { readonly directory: string; readonly sessionId: string; readonly messageId: string } {
  const { sessionId, messageId } = task.state.attempt;
  if (sessionId === undefined || messageId === undefined) throw new OctoError("INTERNAL", `${task.id} has no session yet`);
  return { directory: directoryOf(task), sessionId, messageId };
}
