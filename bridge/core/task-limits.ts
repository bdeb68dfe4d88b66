import type { ErrorInfo } from "../../shared/errors";
import type { Usage } from "../../shared/task";
import { addUsage, noUsage } from "../../shared/usage";
import { isActive, type Task } from "./task";

/** Tokens and cost of all attempts, the live one included. */
export function usageOf(task: Task): Usage {
  return usageSince(task, 0);
}

function usageSince(task: Task, attempts: number): Usage {
  const ended = task.attempts.slice(attempts).reduce((sum, attempt) => addUsage(sum, attempt.usage), noUsage);
  return isActive(task) ? addUsage(ended, task.state.attempt.usage) : ended;
}

/** The limit of tokens or cost that the task has passed. */
export function overLimit(task: Task): ErrorInfo | undefined {
  const { tokensMax, costMax } = task.spec;
  const usage = usageSince(task, task.forgivenAttempts ?? 0);
  const tokens = usage.tokensIn + usage.tokensOut;
  if (tokensMax > 0 && tokens > tokensMax) return { code: "TASK_TOKENS_EXCEEDED", message: `${tokens} tokens used of ${tokensMax}` };
  if (costMax > 0 && usage.cost > costMax) return { code: "TASK_COST_EXCEEDED", message: `$${usage.cost.toFixed(4)} used of $${costMax}` };
  return undefined;
}
