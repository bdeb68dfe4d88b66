import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { errorCodes } from "../../shared/errors";
import { type HelloResult, type MethodName, type Methods, protocolVersion, type RpcResponse, routes } from "../../shared/protocol";
import { OctoError } from "../octo-error";
import { systemErrorCode } from "../system-error-code";
import { httpCall, httpText, isBrokenConnection, isNobodyThere } from "./http-call";
import { waitForTakeOver } from "./take-over";

export interface Client {
  readonly socketPath: string;
  /**
   * Of a bridge whose store is open: one that starts is waited for. Also checks that both sides speak the same protocol:
   * BRIDGE_NOT_RUNNING, BRIDGE_TIMEOUT, PROTOCOL_MISMATCH, or why a bridge could not start.
   */
  hello(options?: HelloOptions): Promise<HelloResult>;
  /** In the text format of Prometheus. BRIDGE_NOT_RUNNING, BRIDGE_TIMEOUT. */
  metrics(): Promise<string>;
  /** The method's own errors, and those of `hello`. A broken connection is tried again as the same command. */
  call<Name extends MethodName>(method: Name, params: Methods[Name]["params"], options?: CallOptions): Promise<Methods[Name]["result"]>;
}

export interface HelloOptions {
  /** Of one answer, default 5 s, and of the wait for a bridge that starts, default 15 s. */
  readonly timeoutMs?: number;
  /** Takes a bridge of another version too, and one that starts; but for `shut_down`, nothing can be asked of it. */
  readonly anyProtocol?: boolean;
}

interface CallOptions {
  readonly timeoutMs?: number;
  /** Of the bridge, where it is not ours. */
  readonly protocol?: number;
}

const helloTimeoutMs = 5_000;
/** Between the start of a bridge and the hello that says that it is open. */
export const startTimeoutMs = 15_000;
const callTimeoutMs = 30_000;
/** Longest wait for a newer bridge that takes over. */
const takeOverMs = 20_000;
/** Between two looks at a bridge that starts. */
const startingPauseMs = 10;
/** Waits before the tries after the first; a bridge that was just killed may be back by then. */
const retryPausesMs = [50, 200, 500, 1_500, 2_500] as const;

/** Results are not checked field by field: the bridge refuses every protocol but ours, and its socket is the user's own. */
export function createClient(socketPath: string): Client {
  return {
    socketPath,
    async hello(options = {}) {
      const { timeoutMs = helloTimeoutMs, anyProtocol = false } = options;
      const ask = async () => checkHello(await httpCall({ socketPath, method: "GET", path: routes.hello, timeoutMs }), anyProtocol);
      const startMs = options.timeoutMs ?? startTimeoutMs;
      const endAtMs = performance.now() + startMs;
      for (let tries = 0; ; ) {
        const pauseMs = retryPausesMs[tries];
        try {
          const hello = await ask();
          if (!hello.starting || anyProtocol) return hello;
          if (performance.now() > endAtMs) throw new OctoError("BRIDGE_TIMEOUT", `the bridge is still starting after ${startMs} ms`);
          await pause(startingPauseMs);
        } catch (thrown) {
          if (isNobodyThere(thrown) && (await waitForTakeOver(socketPath, takeOverMs))) continue;
          // In a moment it is gone, or the next one is there.
          const again = isBrokenConnection(thrown) || (thrown instanceof OctoError && thrown.code === "BRIDGE_STOPPING");
          if (!again || pauseMs === undefined) throw connectionError(thrown, socketPath);
          tries += 1;
          await pause(pauseMs);
        }
      }
    },
    async metrics() {
      try {
        return await httpText({ socketPath, method: "GET", path: routes.metrics, timeoutMs: helloTimeoutMs });
      } catch (thrown) {
        throw connectionError(thrown, socketPath);
      }
    },
    async call<Name extends MethodName>(
      method: Name,
      params: Methods[Name]["params"],
      options: CallOptions = {},
    ): Promise<Methods[Name]["result"]> {
      const body = JSON.stringify({ protocol: options.protocol ?? protocolVersion, requestId: randomUUID(), method, params });
      // The same bytes, sent again, would end the bridge that comes after the one that is stopping.
      const pauses = method === "shut_down" ? [] : retryPausesMs;
      const answer = await sendTillAnswered(socketPath, body, options.timeoutMs ?? callTimeoutMs, pauses);
      return resultOf<Methods[Name]["result"]>(answer, socketPath);
    },
  };
}

/** Sends the same bytes, and so the same request id, until an answer comes: the bridge does a repeated command once. */
async function sendTillAnswered(socketPath: string, body: string, timeoutMs: number, pausesMs: readonly number[]): Promise<unknown> {
  const endAtMs = performance.now() + timeoutMs;
  for (let tries = 0; ; tries += 1) {
    const pauseMs = pausesMs[tries];
    try {
      const answer = await httpCall({ socketPath, method: "POST", path: routes.rpc, body, timeoutMs });
      const waitMs = waitAskedFor(answer) ?? (isStopping(answer) ? pauseMs : undefined);
      if (waitMs === undefined || performance.now() + waitMs > endAtMs) return answer;
      await pause(waitMs);
    } catch (thrown) {
      if (isNobodyThere(thrown) && (await waitForTakeOver(socketPath, Math.min(takeOverMs, endAtMs - performance.now())))) continue;
      // Nobody there at the first try is an answer; after a connection that broke it is a bridge on its way back.
      const again = isBrokenConnection(thrown) || (tries > 0 && isNobodyThere(thrown));
      if (!again || pauseMs === undefined) throw connectionError(thrown, socketPath);
      await pause(pauseMs);
    }
  }
}

/** It did nothing of what was asked; the next bridge will, when one takes over. */
function isStopping(answer: unknown): boolean {
  return isResponse(answer) && !answer.ok && answer.error.code === "BRIDGE_STOPPING";
}

/** How long the bridge says to wait before the same request again. */
function waitAskedFor(answer: unknown): number | undefined {
  return isResponse(answer) && !answer.ok ? answer.error.retryAfterMs : undefined;
}

function checkHello(answer: unknown, anyProtocol: boolean): HelloResult {
  if (isHello(answer)) {
    if (anyProtocol || answer.protocol === protocolVersion) return answer;
    const older = answer.protocol < protocolVersion ? "the bridge is older" : "this octo is older";
    const versions = `the bridge speaks protocol ${answer.protocol}, this octo ${protocolVersion}`;
    throw new OctoError("PROTOCOL_MISMATCH", `${versions}: ${older}`);
  }
  if (isResponse(answer) && !answer.ok) throw errorOf(answer.error);
  throw new OctoError("INTERNAL", "something that is no bridge answers on the socket");
}

/** The result, or what the bridge refused it with as an OctoError. */
export function resultOf<Result>(answer: unknown, socketPath: string): Result {
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
  const code = systemErrorCode(thrown) ?? String(thrown);
  if (code === "EACCES") return new OctoError("SOCKET_FOREIGN", `${socketPath} belongs to another user`, cause);
  return new OctoError("BRIDGE_TIMEOUT", `the connection to the bridge broke again and again (${code})`, cause);
}
