import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { httpCall } from "../../bridge/cli/http-call";
import { type MethodName, type Methods, protocolVersion, routes } from "../../shared/protocol";
import { isObject } from "../fakes/opencode-server/json";
import type { OctoWorld } from "../helpers/octo-world";

const tryTimeoutMs = 15_000;
const giveUpAfterMs = 120_000;
const againMs = 50;

/** The same request under the same id until a bridge answers it, whichever bridge that is. Raises what the bridge refuses it with. */
export async function surely<Name extends MethodName>(
  world: OctoWorld,
  method: Name,
  params: Methods[Name]["params"],
): Promise<Methods[Name]["result"]> {
  const { socketPath } = world.client;
  const body = JSON.stringify({ protocol: protocolVersion, requestId: randomUUID(), method, params });
  const endAtMs = performance.now() + giveUpAfterMs;
  for (;;) {
    try {
      const answer = await httpCall({ socketPath, method: "POST", path: routes.rpc, body, timeoutMs: tryTimeoutMs });
      if (isAnswer<Methods[Name]["result"]>(answer)) return answer.result;
      if (!isStopping(answer)) throw new Refused(JSON.stringify(answer));
    } catch (thrown) {
      if (thrown instanceof Refused || performance.now() > endAtMs) throw thrown;
    }
    await pause(againMs);
  }
}

class Refused extends Error {}

function isAnswer<Result>(answer: unknown): answer is { readonly result: Result } {
  return isObject(answer) && answer.ok === true && "result" in answer;
}

function isStopping(answer: unknown): boolean {
  return isObject(answer) && isObject(answer.error) && answer.error.code === "BRIDGE_STOPPING";
}
