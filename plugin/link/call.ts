import * as wezterm from "wezterm";
import { type MethodName, type Methods, protocolVersion, routes } from "../../shared/protocol";
import { attempt } from "../attempt";
import { tableAt, textAt } from "../read";
import { setup } from "../setup";
import { type Answer, request } from "./curl";
import { curlProgram } from "./programs-used";
import { withRequestFile } from "./request-files";
import { spoolFolder } from "./settings";

export type CallResult =
  | { readonly ok: true; readonly result: unknown }
  /** `message` names the thing, `next` the step that helps. */
  | { readonly ok: false; readonly code: string; readonly message: string; readonly next: string };

/** Of all tries together. */
const callTimeoutS = 15;
const pausesMs = [150, 500, 1500];

/**
 * Asks the bridge. A request that gets no answer is sent again with the same id, which makes it the same command. Yields; raises
 * nothing. The body goes through a private file, never argv.
 */
export function call<Name extends MethodName>(method: Name, params: Methods[Name]["params"], timeoutS = callTimeoutS): CallResult {
  const body = attempt(() => wezterm.json_encode({ protocol: protocolVersion, requestId: newRequestId(), method, params }));
  if (!body.ok) return refused("REQUEST_INVALID", `the request cannot be written as JSON: ${body.message}`, "Leave out what is not text.");
  const sent = withRequestFile(spoolFolder(), body.value, (file) => send({ file }, timeoutS));
  return sent ?? refused("REQUEST_FILE", `no private file in ${spoolFolder()} can be written`, "See whether the disk is full.");
}

/** The same for what holds nothing private, and needs no folder of the bridge. Yields. */
export function callOpenly<Name extends MethodName>(method: Name, params: Methods[Name]["params"]): CallResult {
  const body = attempt(() => wezterm.json_encode({ protocol: protocolVersion, requestId: newRequestId(), method, params }));
  if (!body.ok) return refused("REQUEST_INVALID", `the request cannot be written as JSON: ${body.message}`, "");
  return send({ text: body.value }, callTimeoutS);
}

function send(body: { readonly file: string } | { readonly text: string }, timeoutS: number): CallResult {
  const curl = curlProgram();
  if (curl === undefined) return refused("CURL_MISSING", "curl is missing", "Install curl, or set the option curl.");
  const endS = os.time() + timeoutS;
  for (let tries = 0; ; tries++) {
    const restS = Math.max(1, endS - os.time());
    const answer = request({ curl, socketFile: setup().folders.socketFile, path: routes.rpc, timeoutS: restS, body });
    const pauseMs = pausesMs[tries];
    // Nobody at the first try is an answer; after a connection that broke it is a bridge on its way back.
    const again = answer.kind === "failed" || (answer.kind === "nobody" && tries > 0);
    if (!again || pauseMs === undefined || os.time() >= endS) return resultOf(answer);
    wezterm.sleep_ms(pauseMs);
  }
}

function resultOf(answer: Answer): CallResult {
  switch (answer.kind) {
    case "nobody":
      return refused("BRIDGE_NOT_RUNNING", "the bridge is not running", "Start it with `octo up`, or from the palette.");
    case "no-curl":
      return refused("CURL_MISSING", answer.reason, "Install curl, or set the option curl.");
    case "failed":
      return refused("BRIDGE_TIMEOUT", `the bridge gave no answer: ${answer.reason}`, "See `octo doctor`.");
    case "answer":
      return resultOfBody(answer.body);
  }
}

function resultOfBody(body: unknown): CallResult {
  const error = tableAt(body, "error");
  if (error !== undefined) {
    return refused(textAt(error, "code") ?? "INTERNAL", textAt(error, "message") ?? "the bridge refused", textAt(error, "next") ?? "");
  }
  return { ok: true, result: tableAt(body, "result") };
}

export function refused(code: string, message: string, next: string): CallResult {
  return { ok: false, code, message, next };
}

let requests = 0;

function newRequestId(): string {
  requests += 1;
  const random = string.format("%08x%08x", math.random(0, 0xffffffff), math.random(0, 0xffffffff));
  return `wezterm-${setup().guiId}-${requests}-${random}`;
}
