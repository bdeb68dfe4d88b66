import { z } from "zod";
import type { TaskId } from "../../shared/ids";
import type { StreamMessage, WatchRequest } from "../../shared/stream";
import { parseJson } from "../parse-json";
import type { BridgeService } from "../runtime/service";
import { taskId } from "./fields";

const requestSchema: z.ZodType<WatchRequest> = z.strictObject({ output: taskId.nullable() });

/** The task whose output a stream brings, as its client says. */
export interface Watched {
  /** Whether the message is one that a client may send. */
  take(message: string): boolean;
  readonly end: () => void;
}

export function createWatched(service: Pick<BridgeService, "subscribeOutput">, send: (message: StreamMessage) => void): Watched {
  let unsubscribe = (): void => undefined;
  const watch = (watched: TaskId | null): void => {
    unsubscribe();
    unsubscribe = () => undefined;
    if (watched === null) return;
    const { tail, unsubscribe: stop } = subscribed(watched);
    unsubscribe = stop;
    send({ kind: "output-tail", taskId: watched, entries: tail });
  };
  const subscribed = (watched: TaskId): ReturnType<BridgeService["subscribeOutput"]> => {
    try {
      return service.subscribeOutput(watched, (entry) => send({ kind: "output", taskId: watched, entry }));
    } catch {
      // A task that is gone says nothing; the stream goes on.
      return { tail: [], unsubscribe: () => undefined };
    }
  };
  return {
    take(message) {
      const parsed = requestSchema.safeParse(parseJson(message));
      if (parsed.success) watch(parsed.data.output);
      return parsed.success;
    },
    end: () => unsubscribe(),
  };
}
