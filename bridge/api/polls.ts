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
 * else at the first change or after `waitMs`, whichever comes first. A client that goes away leaves nothing behind. A GUI has one
 * poll: a newer one, after WezTerm reloaded its configuration, ends the older.
 */
export function createPolls(service: BridgeService, log: ApiLog): Polls {
  const waiting = new Set<() => void>();
  const ofGui = new Map<number, () => void>();

  function wait(since: number, waitMs: number, guiId: number | undefined, response: ServerResponse): void {
    const release = (): void => {
      clearTimeout(deadline);
      stopWaiting();
      waiting.delete(stop);
      if (guiId !== undefined && ofGui.get(guiId) === answerNow) ofGui.delete(guiId);
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
    if (guiId !== undefined) ofGui.set(guiId, answerNow);
  }

  return {
    answer({ since, waitMs, guiId }, response) {
      if (guiId !== undefined) ofGui.get(guiId)?.();
      const snapshot = service.statusSnapshot(guiId);
      if (since === undefined || snapshot.revision !== since || waitMs === 0) send(response, 200, snapshot);
      else wait(since, waitMs, guiId, response);
    },
    stop() {
      for (const stop of [...waiting]) stop();
    },
  };
}
