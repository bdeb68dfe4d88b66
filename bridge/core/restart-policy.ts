import type { ErrorInfo } from "../../shared/errors";
import { backoffDelayMs } from "./backoff";
import type { Draft } from "./draft";
import type { Instance, InstanceState } from "./instance";

const restartFirstMs = 1_000;
const restartMaxMs = 30_000;

/**
 * What follows an unexpected exit: the first restart at once, further ones ever later, and past the restart intensity
 * (as Erlang's supervisors have it) the instance stays failed and says so.
 */
export function afterExit(draft: Draft, instance: Instance, error: ErrorInfo): Instance {
  const { restartsMax, restartWindowMs } = draft.policy;
  const exitsAtMs = [...instance.exitsAtMs.filter((atMs) => draft.now.ms - atMs < restartWindowMs), draft.now.ms];
  return { ...instance, identity: undefined, exitsAtMs, state: nextState() };

  function nextState(): InstanceState {
    if (exitsAtMs.length > restartsMax) {
      const message = `${instance.name} ended ${exitsAtMs.length} times within ${Math.round(restartWindowMs / 1000)} s; the last time: ${error.message}`;
      return { kind: "failed", error: { code: "INSTANCE_CRASH_LOOP", message } };
    }
    if (exitsAtMs.length === 1) return { kind: "backoff", restartAtMs: draft.now.ms, error };
    const bounds = { firstMs: restartFirstMs, maxMs: restartMaxMs };
    const delayMs = draft.draw((random) => backoffDelayMs(exitsAtMs.length - 1, bounds, random));
    return { kind: "backoff", restartAtMs: draft.now.ms + delayMs, error };
  }
}
