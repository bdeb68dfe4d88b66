import { close, open, read } from "node:fs";

/** Most of what /proc tells of a process is less than that. */
const pieceBytes = 4_096;

/**
 * The whole text of a file of /proc. By callbacks, with nothing around them: a sweep reads thousands of such files before a task may move,
 * and `readFile` of node:fs/promises takes three times as long for each (measured). Raises what the system says.
 */
export function readProcText(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    open(path, "r", (refused, descriptor) => {
      if (refused) return reject(refused);
      readToEnd(descriptor, [], (failed, text) => close(descriptor, () => (failed ? reject(failed) : resolve(text))));
    });
  });
}

function readToEnd(descriptor: number, before: readonly Buffer[], done: (failed: Error | null, text: string) => void): void {
  const piece = Buffer.allocUnsafe(pieceBytes);
  read(descriptor, piece, 0, pieceBytes, null, (failed, count) => {
    if (failed) return done(failed, "");
    if (count === 0) return done(null, Buffer.concat(before).toString("utf8"));
    readToEnd(descriptor, [...before, piece.subarray(0, count)], done);
  });
}
