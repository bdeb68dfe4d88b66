import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { errorCodes } from "../../shared/errors";
import { type HelloResult, type MethodName, type Methods, protocolVersion, type RpcResponse, routes } from "../../shared/protocol";
import { OctoError } from "../octo-error";
import { httpCall, isBrokenConnection, isNobodyThere, systemCode } from "./http-call";

export interface Client {
  readonly socketPath: string;
  /** Also checks that both sides speak the same protocol: BRIDGE_NOT_RUNNING, BRIDGE_TIMEOUT, PROTOCOL_MISMATCH. */
  hello(options?: { readonly timeoutMs?: number }): Promise<HelloResult>;
  /** The method's own errors, and those of `hello`. A broken connection is tried again as the same command. */
  call<Name extends MethodName>(
    method: Name,
    params: Methods[Name]["params"],
    options?: { readonly timeoutMs?: number },
  ): Promise<Methods[Name]["result"]>;
}

const helloTimeoutMs = 5_000;
const callTimeoutMs = 30_000;
/** Waits before the tries after the first; a bridge that was just killed may be back by then. */
const retryPausesMs = [50, 200, 500, 1_500] as const;

/** Results are not checked field by field: the bridge refuses every protocol but ours, and its socket is the user's own. */
export function createClient(socketPath: string): Client {
  return {
    socketPath,
    async hello(options = {}) {
      try {
        const answer = await httpCall({ socketPath, method: "GET", path: routes.hello, timeoutMs: options.timeoutMs ?? helloTimeoutMs });
        return checkHello(answer);
      } catch (thrown) {
        throw connectionError(thrown, socketPath);
      }
    },
    async call<Name extends MethodName>(
      method: Name,
      params: Methods[Name]["params"],
      options: { readonly timeoutMs?: number } = {},
    ): Promise<Methods[Name]["result"]> {
      const body = JSON.stringify({ protocol: protocolVersion, requestId: randomUUID(), method, params });
      const answer = await sendTillAnswered(socketPath, body, options.timeoutMs ?? callTimeoutMs);
      return resultOf<Methods[Name]["result"]>(answer, socketPath);
    },
  };
}

/** Sends the same bytes, and so the same request id, until an answer comes: the bridge does a repeated command once. */
async function sendTillAnswered(socketPath: string, body: string, timeoutMs: number): Promise<unknown> {
  const endAtMs = performance.now() + timeoutMs;
  for (let tries = 0; ; tries += 1) {
    try {
      const answer = await httpCall({ socketPath, method: "POST", path: routes.rpc, body, timeoutMs });
      const waitMs = waitAskedFor(answer);
      if (waitMs === undefined || performance.now() + waitMs > endAtMs) return answer;
      await pause(waitMs);
    } catch (thrown) {
      const pauseMs = retryPausesMs[tries];
      // Nobody there at the first try is an answer; after a connection that broke it is a bridge on its way back.
      const again = isBrokenConnection(thrown) || (tries > 0 && isNobodyThere(thrown));
      if (!again || pauseMs === undefined) throw connectionError(thrown, socketPath);
      await pause(pauseMs);
    }
  }
}

/** How long the bridge says to wait before the same request again. */
function waitAskedFor(answer: unknown): number | undefined {
  return isResponse(answer) && !answer.ok ? answer.error.retryAfterMs : undefined;
}

function checkHello(answer: unknown): HelloResult {
  if (isHello(answer)) {
    if (answer.protocol === protocolVersion) return answer;
    const older = answer.protocol < protocolVersion ? "the bridge is older" : "this octo is older";
    const versions = `the bridge speaks protocol ${answer.protocol}, this octo ${protocolVersion}`;
    throw new OctoError("PROTOCOL_MISMATCH", `${versions}: ${older}`);
  }
  if (isResponse(answer) && !answer.ok) throw errorOf(answer.error);
  throw new OctoError("INTERNAL", "something that is no bridge answers on the socket");
}

function resultOf<Result>(answer: unknown, socketPath: string): Result {
  if (!isResponse<Result>(answer)) throw new OctoError("INTERNAL", `something that is no bridge answers on ${socketPath}`);
  if (answer.ok) return answer.result;
  throw errorOf(answer.error);
}

function errorOf({ code, message }: { readonly code: string; readonly message: string }): OctoError {
  return isKnown(code) ? new OctoError(code, message) : new OctoError("INTERNAL", `${code}: ${message}`);
}

function isKnown(code: string): code is keyof typeof errorCodes {
  return Object.hasOwn(errorCodes, code);
}

function isHello(answer: unknown): answer is HelloResult {
  return typeof answer === "object" && answer !== null && "bridge" in answer && "protocol" in answer && typeof answer.protocol === "number";
}

function isResponse<Result>(answer: unknown): answer is RpcResponse<Result> {
  if (typeof answer !== "object" || answer === null || !("ok" in answer)) return false;
  if (answer.ok === true) return "result" in answer;
  return "error" in answer && typeof answer.error === "object" && answer.error !== null && "code" in answer.error;
}

function connectionError(thrown: unknown, socketPath: string): unknown {
  if (thrown instanceof OctoError) return thrown;
  const cause = { cause: thrown };
  if (isNobodyThere(thrown)) return new OctoError("BRIDGE_NOT_RUNNING", "the bridge is not running", cause);
  const code = systemCode(thrown) ?? String(thrown);
  if (code === "EACCES") return new OctoError("SOCKET_FOREIGN", `${socketPath} belongs to another user`, cause);
  return new OctoError("BRIDGE_TIMEOUT", `the connection to the bridge broke again and again (${code})`, cause);
}
