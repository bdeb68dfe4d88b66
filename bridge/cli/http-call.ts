import { request as httpRequest } from "node:http";
import { clientHeader } from "../../shared/client-header";
import { checkSocketIsOurs } from "../folders";
import { OctoError } from "../octo-error";
import { systemErrorCode } from "../system-error-code";

export interface HttpCall {
  readonly socketPath: string;
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: string | undefined;
  /** Longest time of the whole call. */
  readonly timeoutMs: number;
}

/** One shell or script is one client: what runs away in it slows down nobody else. */
export const clientName = `cli-${process.ppid}`;

/** Above the largest answer of the bridge: many tasks with 64 KiB of text each. */
const answerBytesMax = 256 * 1024 * 1024;

/**
 * One JSON request over the unix socket, if that is the user's own. Raises SOCKET_FOREIGN, STATE_FOLDER_OPEN, BRIDGE_TIMEOUT, or node's own
 * error of the connection (`ECONNREFUSED`, …).
 */
export async function httpCall(call: HttpCall): Promise<unknown> {
  const text = await httpText(call);
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new OctoError("INTERNAL", `what answers on ${call.socketPath} does not speak JSON`, { cause: thrown });
  }
}

/** The same, for answers that are text. */
export async function httpText(call: HttpCall): Promise<string> {
  await checkSocketIsOurs(call.socketPath);
  return request(call);
}

function request(call: HttpCall): Promise<string> {
  const { socketPath, method, path, body, timeoutMs } = call;
  return new Promise((resolve, reject) => {
    const headers = {
      [clientHeader]: clientName,
      ...(body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
    };
    const outgoing = httpRequest({ socketPath, method, path, headers, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      incoming.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > answerBytesMax) incoming.destroy(new OctoError("INTERNAL", `the bridge's answer is over ${answerBytesMax} bytes`));
        else chunks.push(chunk);
      });
      incoming.once("error", fail);
      incoming.once("end", () => {
        clearTimeout(deadline);
        resolve(Buffer.concat(chunks).toString());
      });
    });
    const deadline = setTimeout(() => {
      outgoing.destroy(new OctoError("BRIDGE_TIMEOUT", `the bridge did not answer ${path} within ${timeoutMs} ms`));
    }, timeoutMs);
    function fail(thrown: unknown): void {
      clearTimeout(deadline);
      reject(thrown);
    }
    outgoing.once("error", fail);
    outgoing.end(body);
  });
}

/** Nobody listens: no socket, or one that a dead bridge left. */
export function isNobodyThere(thrown: unknown): boolean {
  return ["ENOENT", "ECONNREFUSED"].includes(systemErrorCode(thrown) ?? "");
}

/** The connection broke or could not be had just now; whether the bridge got the request is not known. */
export function isBrokenConnection(thrown: unknown): boolean {
  return ["ECONNRESET", "EPIPE", "EAGAIN", "ECONNABORTED"].includes(systemErrorCode(thrown) ?? "");
}
