import type { IncomingMessage } from "node:http";
import { limits } from "../../shared/protocol";
import { OctoError } from "../octo-error";

/** What is read and thrown away of a body that is too large, so that its sender gets to read the answer. */
const discardBytesMax = 64 * 1024 * 1024;

/**
 * Reads a JSON body. REQUEST_TOO_LARGE once all of it has passed by (a client that still writes does not read);
 * REQUEST_INVALID for text that is not UTF-8 or not JSON. How long it may take is the server's `requestTimeout`.
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const { chunks, bytes } = await readAll(request);
  if (bytes > limits.requestBytesMax) {
    const size = bytes > discardBytesMax ? `more than ${discardBytesMax}` : String(bytes);
    throw new OctoError("REQUEST_TOO_LARGE", `the request has ${size} bytes, the limit is ${limits.requestBytesMax}`);
  }
  return parseJson(decode(Buffer.concat(chunks)));
}

/** Reads a short text; bytes that are no UTF-8 become U+FFFD. REQUEST_TOO_LARGE. */
export async function readText(request: IncomingMessage, bytesMax: number): Promise<string> {
  const { chunks, bytes } = await readAll(request);
  if (bytes > bytesMax) throw new OctoError("REQUEST_TOO_LARGE", `the request has ${bytes} bytes, the limit is ${bytesMax}`);
  return Buffer.concat(chunks).toString();
}

async function readAll(request: IncomingMessage): Promise<{ readonly chunks: readonly Buffer[]; readonly bytes: number }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      const piece: Buffer = chunk;
      bytes += piece.length;
      if (bytes <= limits.requestBytesMax) chunks.push(piece);
      else chunks.length = 0;
      if (bytes > discardBytesMax) break;
    }
  } catch (thrown) {
    throw new OctoError("REQUEST_INVALID", "the client went away in the middle of its request", { cause: thrown });
  }
  return { chunks, bytes };
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (thrown) {
    throw new OctoError("REQUEST_INVALID", "the body is not UTF-8", { cause: thrown });
  }
}

function parseJson(text: string): unknown {
  if (text.trim() === "") throw new OctoError("REQUEST_INVALID", "the body is empty, JSON was expected");
  try {
    return JSON.parse(text);
  } catch (thrown) {
    // V8 names the place ("at position 12") or quotes it.
    const where = thrown instanceof Error ? thrown.message : String(thrown);
    throw new OctoError("REQUEST_INVALID", `the body is not JSON: ${where}`, { cause: thrown });
  }
}
