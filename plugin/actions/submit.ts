import type * as wezterm from "wezterm";
import type { SubmitParams } from "../../shared/protocol";
import { dropDraft, keepAsDraft } from "../drafts";
import { isTaskId } from "../ids";
import { type CallResult, call } from "../link/call";
import { tableAt, textAt, textsAt } from "../read";
import { tell, tellRefusal } from "../tell";

/** Sends a new task. What is refused stays a draft, or becomes one; `draft` goes once it is sent. Yields. */
export function submit(window: wezterm.Window, params: SubmitParams, draft: string | undefined): void {
  report(window, params.prompt, call("distribute_task", params), draft);
}

/** Sends the next prompt of an ended task. Yields. */
export function submitReply(window: wezterm.Window, taskId: string, prompt: string): void {
  if (isTaskId(taskId)) report(window, prompt, call("reply_task", { taskId, prompt }), undefined);
}

function report(window: wezterm.Window, prompt: string, sent: CallResult, draft: string | undefined): void {
  if (!sent.ok) {
    const kept = draft ?? keepAsDraft(prompt);
    const where = kept === undefined ? "" : " (the prompt is kept as a draft: compose opens it again)";
    return tellRefusal(window, `not sent${where}`, sent);
  }
  if (draft !== undefined) dropDraft(draft);
  const task = tableAt(sent.result, "task");
  const notices = textsAt(sent.result, "notices").map((each) => `; ${each}`);
  tell(`sent ${textAt(task, "id") ?? ""}: ${textAt(task, "title") ?? ""}${notices.join("")}`);
}
