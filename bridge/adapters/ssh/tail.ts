import type { Readable } from "node:stream";
import { OctoError } from "../../octo-error";

/** A stream read piece by piece, each up to a mark. One reader at a time. */
export interface Tail {
  /** The bytes before the mark, which is taken away too. HOST_COMMAND_FAILED when more than `bytesMax` come without it. */
  until(mark: string, bytesMax?: number): Promise<Buffer>;
  /** What came and was not read yet, as text. */
  rest(): string;
  /** Stops reading: what comes from now on is somebody else's. Nothing may be waiting. */
  release(): void;
}

interface Waiting {
  readonly mark: Buffer;
  readonly bytesMax: number;
  readonly resolve: (bytes: Buffer) => void;
  readonly reject: (error: OctoError) => void;
}

export function createTail(stream: Readable, bytesMaxDefault: number): Tail {
  let held: Buffer = Buffer.alloc(0);
  /** Where the search goes on: a mark may lie across two chunks. */
  let searchedTo = 0;
  let waiting: Waiting | undefined;

  const look = (): void => {
    if (waiting === undefined) return;
    const { mark, bytesMax, resolve, reject } = waiting;
    const found = held.indexOf(mark, searchedTo);
    if (found >= 0 && found <= bytesMax) {
      const piece = held.subarray(0, found);
      held = held.subarray(found + mark.length);
      searchedTo = 0;
      waiting = undefined;
      return resolve(piece);
    }
    searchedTo = Math.max(0, held.length - mark.length + 1);
    if (held.length <= bytesMax) return;
    waiting = undefined;
    reject(new OctoError("HOST_COMMAND_FAILED", `the host answered more than ${bytesMax} bytes`));
  };
  const take = (chunk: Buffer): void => {
    held = Buffer.concat([held, chunk]);
    // Nobody asked for it: its end is enough for a message.
    if (waiting === undefined && held.length > bytesMaxDefault) held = held.subarray(-bytesMaxDefault / 2);
    look();
  };
  stream.on("data", take);

  return {
    until: (mark, bytesMax = bytesMaxDefault) =>
      new Promise((resolve, reject) => {
        waiting = { mark: Buffer.from(mark), bytesMax, resolve, reject };
        searchedTo = 0;
        look();
      }),
    rest: () => held.toString("utf8"),
    release() {
      stream.off("data", take);
      stream.pause();
    },
  };
}
