import type { AskAnswer } from "../../shared/ask";
import type { AuditEntry } from "../../shared/audit";
import type { Draft } from "./draft";
import type { OpenAsk } from "./open-ask";

/** How an ask came to its end. */
export type AskClosing =
  /** OpenCode took the answer that octo gave. */
  | { readonly kind: "delivered" }
  /** OpenCode says that it was answered: by octo, or in OpenCode itself. */
  | { readonly kind: "answered"; readonly answer?: AskAnswer | undefined }
  /** OpenCode knows nothing of it any more. */
  | { readonly kind: "gone" }
  /** Its turn, session or server has ended. */
  | { readonly kind: "dropped" };

/** It waits no longer; what became of it goes into the audit trail. */
export function closeAsk(draft: Draft, ask: OpenAsk, closing: AskClosing): void {
  draft.removeAsk(ask.id);
  const instance = draft.instances.get(ask.instanceId);
  if (!instance) return;
  draft.note({
    askId: ask.id,
    taskId: ask.taskId,
    instanceId: ask.instanceId,
    instanceName: instance.name,
    host: instance.host,
    sessionId: ask.sessionId,
    directory: ask.directory,
    content: ask.content,
    askedAtEpochMs: ask.askedAtEpochMs,
    closedAtEpochMs: draft.now.epochMs,
    ...verdict(ask, closing),
  });
}

function verdict({ decision }: OpenAsk, closing: AskClosing): Pick<AuditEntry, "by" | "answer" | "confirmed"> {
  if (closing.kind === "answered" && !(decision && isSame(decision.answer, closing.answer))) {
    return { by: { kind: "opencode" }, answer: closing.answer, confirmed: true };
  }
  if (decision) {
    const confirmed = closing.kind === "delivered" || closing.kind === "answered";
    return { by: decision.by, answer: decision.answer, confirmed };
  }
  return { by: { kind: closing.kind === "dropped" ? "nobody" : "unknown" }, confirmed: false };
}

/** OpenCode tells neither the message of a denial, nor that an answer to a question was one. */
function isSame(ours: AskAnswer, told: AskAnswer | undefined): boolean {
  if (told === undefined || ours.kind !== told.kind) return told === undefined || (ours.kind === "deny" && told.kind === "answers");
  if (ours.kind === "allow" && told.kind === "allow") return ours.scope === told.scope;
  return ours.kind === "deny" || JSON.stringify(ours) === JSON.stringify(told);
}
