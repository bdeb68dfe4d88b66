import type { TaskId } from "../../shared/ids";
import type { StreamMessage } from "../../shared/stream";
import type { BridgeService } from "../runtime/service";

/** Nobody reads faster. */
const sendEveryMs = 250;

/** Sends what tasks said last, at once for all that spoke so far, then what changes. Returns what stops it. */
export function sendLines(service: Pick<BridgeService, "subscribeSaid">, send: (message: StreamMessage) => void): () => void {
  const spoke = new Set<TaskId>();
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    timer = undefined;
    const lines = [...spoke].map((taskId) => ({ taskId, text: lastLineOf(taskId) }));
    spoke.clear();
    if (lines.length > 0) send({ kind: "lines", lines });
  };
  const { spoken, lastLineOf, unsubscribe } = service.subscribeSaid((taskId) => {
    spoke.add(taskId);
    timer ??= setTimeout(flush, sendEveryMs);
  });
  for (const taskId of spoken) spoke.add(taskId);
  flush();
  return () => {
    clearTimeout(timer);
    unsubscribe();
  };
}
