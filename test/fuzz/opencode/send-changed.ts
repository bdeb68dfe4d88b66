import type { Socket } from "node:net";
import type { Change } from "./changes";
import { editJson } from "./json-edits";
import { type RecordedAnswer, recordedAnswers } from "./recorded-answers";

const chunk = Buffer.alloc(64 * 1024, " ");

/** Writes an answer with what is wrong with it; undefined: nothing. Whoever reads ends what never ends by hanging up. */
export function sendChanged(socket: Socket, answer: RecordedAnswer, change: Change | undefined): void {
  switch (change?.kind) {
    case "silent":
      return;
    case "endless":
      socket.write(change.isHead ? "HTTP/1.1 200 OK\r\n" : head({ ...answer, status: 200 }, undefined));
      return pour(socket, change.isHead ? Buffer.from("x-more: 1\r\n".repeat(500)) : chunk);
    case "slow":
      return drip(socket, whole(answer), change.gapMs);
    case "cut": {
      const bytes = whole(answer);
      socket.write(bytes.subarray(0, change.at % bytes.length), () => (change.isReset ? socket.resetAndDestroy() : socket.destroy()));
      return;
    }
    default:
      socket.write(changed(answer, change));
  }
}

function changed(answer: RecordedAnswer, change: Change | undefined): Uint8Array {
  switch (change?.kind) {
    case "json":
      return whole({ ...answer, body: editJson(answer.body, change.edits) });
    case "other":
      return whole(recordedAnswers[change.index % recordedAnswers.length] ?? answer);
    case "status":
      return whole({ ...answer, status: change.status });
    case "type":
      return whole({ ...answer, headers: { ...answer.headers, "content-type": change.contentType } });
    case "header":
      return Buffer.concat([Buffer.from(head(answer, answer.body).replace("\r\n", `\r\n${change.header}\r\n`)), Buffer.from(answer.body)]);
    case "length":
      return Buffer.from(`${head(answer, undefined, Buffer.byteLength(answer.body) + change.by)}${answer.body}`);
    case "bytes": {
      const bytes = whole(answer);
      const at = change.at % bytes.length;
      return Buffer.concat([bytes.subarray(0, at), change.bytes, bytes.subarray(at + change.count)]);
    }
    case "informational":
      return Buffer.concat([Buffer.from(`HTTP/1.1 ${change.status} Early\r\nx: y\r\n\r\n`.repeat(change.count)), whole(answer)]);
    case "chunks": {
      const headers = { ...answer.headers, "transfer-encoding": "chunked" };
      return Buffer.from(`${head({ ...answer, headers }, undefined)}${change.size}\r\n${answer.body}\r\n0\r\n\r\n`);
    }
    default:
      return whole(answer);
  }
}

function whole(answer: RecordedAnswer): Buffer {
  return Buffer.from(head(answer, answer.body) + answer.body);
}

function head(
  { status, headers }: RecordedAnswer,
  body: string | undefined,
  length = body === undefined ? undefined : Buffer.byteLength(body),
): string {
  const lines = Object.entries({ ...headers, ...(length === undefined || status === 204 ? {} : { "content-length": String(length) }) });
  return `HTTP/1.1 ${status} Answer\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
}

function pour(socket: Socket, bytes: Uint8Array): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(bytes));
  };
  socket.on("drain", more);
  more();
}

function drip(socket: Socket, bytes: Uint8Array, gapMs: number): void {
  let at = 0;
  const timer = setInterval(() => {
    if (at >= bytes.length) return clearInterval(timer);
    socket.write(bytes.subarray(at, at + 20));
    at += 20;
  }, gapMs);
  socket.once("close", () => clearInterval(timer));
}
