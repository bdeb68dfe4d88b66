import { setTimeout as pause } from "node:timers/promises";
import type { TaskId } from "../../../shared/ids";
import type { StreamMessage, WatchRequest } from "../../../shared/stream";
import { readStream } from "../stream-client";

export interface LinkListeners {
  readonly onMessage: (message: StreamMessage) => void;
  /** It ended; it is opened again, until `end`. */
  readonly onLost: (reason: string) => void;
  /** It must not be read at all: SOCKET_FOREIGN, STATE_FOLDER_OPEN. */
  readonly onRefused: (thrown: unknown) => void;
}

/** The board's stream from the bridge: opened again whenever it ends. */
export interface BoardLink {
  /** Brings the output of this task and of no other, also after the next opening. */
  watch(taskId: TaskId | undefined): void;
  end(): Promise<void>;
}

const pausesMs = [100, 300, 1_000] as const;

export function openBoardLink(socketPath: string, listeners: LinkListeners): BoardLink {
  const ended = new AbortController();
  let watched: TaskId | undefined;
  let send: (request: WatchRequest) => void = () => undefined;
  const readAgainAndAgain = async (): Promise<void> => {
    for (let tries = 0; !ended.signal.aborted; tries += 1) {
      const end = await readStream({
        socketPath,
        signal: ended.signal,
        receive: listeners.onMessage,
        lines: (sendRequest) => {
          tries = 0;
          send = sendRequest;
          if (watched !== undefined) send({ output: watched });
        },
      });
      send = () => undefined;
      if (ended.signal.aborted) return;
      listeners.onLost(end.reason);
      await pause(pausesMs[Math.min(tries, pausesMs.length - 1)], undefined, { signal: ended.signal }).catch(() => undefined);
    }
  };
  const reading = readAgainAndAgain().catch(listeners.onRefused);
  return {
    watch(taskId) {
      if (taskId === watched) return;
      watched = taskId;
      send({ output: taskId ?? null });
    },
    async end() {
      ended.abort();
      await reading;
    },
  };
}
