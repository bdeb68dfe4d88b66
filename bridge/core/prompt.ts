import type { ActiveTask } from "./task";

/** What the model is told: the user's prompt, with a note when an earlier attempt may have done part of it. */
export function composePrompt(task: ActiveTask): string {
  const { prompt } = task.spec;
  const last = task.attempts.at(-1);
  if (!last || task.pin) return prompt;
  const why = last.error ? ` (${last.error.message})` : "";
  if (task.state.attempt.resumes) {
    return `[octo] Your previous turn in this session was interrupted${why}. Look at what is already done, do not do it twice, and finish the task:\n\n${prompt}`;
  }
  const files = task.branch?.files ?? [];
  if (files.length === 0) return prompt;
  const named = files.slice(0, 50).join(", ");
  return `${prompt}\n\n[octo] An earlier attempt was interrupted${why}. This folder already holds its changes to: ${named}. Look at them first and do only what is missing.`;
}
