import type { TaskId } from "../../shared/ids";
import { oneLine } from "../inert";
import type { Client } from "./client";

/** A bridge that has just started has its first instance by then. */
const lookAfterMs = 1_200;
const whyTimeoutMs = 2_000;

/** Says once why the task waits, where no instance can ever take it as things are; those submitted with it have the same needs. Gives what ends the wait. */
export function sayWhenStuck(client: Client, taskId: TaskId, say: (text: string) => void): () => void {
  let over = false;
  const look = async (): Promise<void> => {
    // An older bridge, or one that is away: following the task tells that.
    const why = await client.call("why_task", { taskId }, { timeoutMs: whyTimeoutMs }).catch(() => undefined);
    if (over || why?.stuck !== true) return;
    const lines = why.lines.map((line) => `  ${oneLine(line)}`);
    say([`as things are, nothing can take ${taskId}:`, ...lines, `it waits until that changes, or: octo cancel ${taskId}`].join("\n"));
  };
  const timer = setTimeout(() => void look(), lookAfterMs);
  return () => {
    over = true;
    clearTimeout(timer);
  };
}
