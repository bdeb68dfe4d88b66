import type { ServerResponse } from "node:http";
import { OctoError } from "../octo-error";
import type { BridgeService } from "../runtime/service";
import { type ApiLog, refusal, send } from "./answer";
import type { PollQuery } from "./query";

/** The long polls that wait for a change. */
export interface Polls {
  answer(query: PollQuery, response: ServerResponse): void;
  /** Answers everyone who waits with BRIDGE_STOPPING. */
  stop(): void;
}

/**
 * Answers at once when the client's revision is not the bridge's own (also when it is newer: the bridge was restarted),
 * else at the first change or after `waitMs`, whichever comes first. A client that goes away leaves nothing behind.
 */
export function createPolls(service: BridgeService, log: ApiLog): Polls {
  const waiting = new Set<() => void>();

  function wait(since: number, waitMs: number, guiId: number | undefined, response: ServerResponse): void {
    const release = (): void => {
      clearTimeout(deadline);
      stopWaiting();
      waiting.delete(stop);
      response.off("close", release);
    };
    const answerNow = (): void => {
      release();
      send(response, 200, service.statusSnapshot(guiId));
    };
    const stop = (): void => {
      release();
      send(response, 503, refusal(new OctoError("BRIDGE_STOPPING", "the bridge is stopping"), log), { close: true });
    };
    const deadline = setTimeout(answerNow, waitMs);
    const stopWaiting = service.onRevisionAfter(since, answerNow);
    response.on("close", release);
    waiting.add(stop);
  }

  return {
    answer({ since, waitMs, guiId }, response) {
      const snapshot = service.statusSnapshot(guiId);
      if (since === undefined || snapshot.revision !== since || waitMs === 0) send(response, 200, snapshot);
      else wait(since, waitMs, guiId, response);
    },
    stop() {
      for (const stop of [...waiting]) stop();
    },
  };
}
