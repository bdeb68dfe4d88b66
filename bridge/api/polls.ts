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

/** A round that answers many is followed by as many milliseconds of rest: polls never take more than a tenth of a core. */
const restMsPerAnswer = 1;

/**
 * Answers at once when the client's revision is not the bridge's own (also when it is newer: the bridge was restarted),
 * else at the first change or after `waitMs`, whichever comes first; while very many wait and everything changes all the time, in rounds.
 * A client that goes away leaves nothing behind. A GUI has one poll: a newer one, after WezTerm reloaded its configuration, ends the older.
 */
export function createPolls(service: BridgeService, log: ApiLog): Polls {
  const waiting = new Set<() => void>();
  const ofGui = new Map<number, () => void>();
  const rounds = createRounds();

  function wait(since: number, waitMs: number, guiId: number | undefined, response: ServerResponse): void {
    const release = (): void => {
      clearTimeout(deadline);
      stopWaiting();
      rounds.leave(answerNow);
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
    const join = (): void => rounds.join(answerNow);
    const isBehind = service.statusSnapshot(guiId).revision !== since;
    const stopWaiting = isBehind ? () => undefined : service.onRevisionAfter(since, join);
    if (isBehind) join();
    response.on("close", release);
    waiting.add(stop);
    if (guiId !== undefined) ofGui.set(guiId, answerNow);
  }

  return {
    answer({ since, waitMs, guiId }, response) {
      if (guiId !== undefined) ofGui.get(guiId)?.();
      if (since === undefined || waitMs === 0) send(response, 200, service.statusSnapshot(guiId));
      else wait(since, waitMs, guiId, response);
    },
    stop() {
      for (const stop of [...waiting]) stop();
    },
  };
}

interface Rounds {
  /** Is called in the next round: at once, unless the last one was large and is not long ago. */
  join(call: () => void): void;
  leave(call: () => void): void;
}

function createRounds(): Rounds {
  const calls = new Set<() => void>();
  let cancel: (() => void) | undefined;
  let nextAtMs = 0;
  const run = (): void => {
    cancel = undefined;
    const answered = calls.size;
    for (const call of [...calls]) call();
    nextAtMs = performance.now() + answered * restMsPerAnswer;
  };
  return {
    join(call) {
      calls.add(call);
      cancel ??= callAfter(nextAtMs - performance.now(), run);
    },
    leave(call) {
      calls.delete(call);
      if (calls.size > 0) return;
      cancel?.();
      cancel = undefined;
    },
  };
}

function callAfter(delayMs: number, call: () => void): () => void {
  if (delayMs > 0) {
    const timer = setTimeout(call, delayMs);
    return () => clearTimeout(timer);
  }
  // Once all that wait for this change have joined; a timer would take a millisecond more.
  const immediate = setImmediate(call);
  return () => clearImmediate(immediate);
}
