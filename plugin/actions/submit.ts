import type * as wezterm from "wezterm";
import type { SubmitParams } from "../../shared/protocol";
import { keepAsDraft } from "../drafts";
import { isTaskId } from "../ids";
import { type CallResult, call } from "../link/call";
import { tableAt, textAt, textsAt } from "../read";
import { tell, tellRefusal } from "../tell";

/** Sends a new task to the pool. What is refused is kept as a draft. Yields. True when it was accepted. */
export function submit(window: wezterm.Window, params: SubmitParams): boolean {
  return report(window, params.prompt, call("distribute_task", params));
}

/** Sends the next prompt of an ended task. Yields. */
export function submitReply(window: wezterm.Window, taskId: string, prompt: string): boolean {
  if (!isTaskId(taskId)) return false;
  return report(window, prompt, call("reply_task", { taskId, prompt }));
}

function report(window: wezterm.Window, prompt: string, sent: CallResult): boolean {
  if (!sent.ok) {
    const kept = keepAsDraft(prompt);
    const where = kept === undefined ? "" : " (the prompt is kept as a draft: compose opens it again)";
    tellRefusal(window, `not sent${where}`, sent);
    return false;
  }
  const task = tableAt(sent.result, "task");
  const notices = textsAt(sent.result, "notices").map((each) => `; ${each}`);
  tell(`sent ${textAt(task, "id") ?? ""}: ${textAt(task, "title") ?? ""}${notices.join("")}`);
  return true;
}
