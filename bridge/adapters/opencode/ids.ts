import { randomBytes } from "node:crypto";

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const randomLength = 14;
/** OpenCode keeps the low 48 bits only, so its ids start over every 2.18 years. */
const mask48 = (1n << 48n) - 1n;
const idsPerMs = 4096;

export type IdPrefix = "msg" | "prt";

/**
 * Makes ids in OpenCode's own format, so that they sort among its own: prefix, 12 hex digits of
 * `(ms * 4096 + counter) & (2^48 - 1)`, 14 random base62 characters. Each is greater than the one before, also when the
 * clock goes back.
 */
export function createIds(epochMs: () => number): (prefix: IdPrefix) => string {
  let lastMs = 0;
  let counter = 0;
  return (prefix) => {
    const nowMs = epochMs();
    if (nowMs > lastMs) {
      lastMs = nowMs;
      counter = 0;
    }
    counter += 1;
    if (counter >= idsPerMs) {
      lastMs += 1;
      counter = 1;
    }
    const time = (BigInt(lastMs) * BigInt(idsPerMs) + BigInt(counter)) & mask48;
    return `${prefix}_${time.toString(16).padStart(12, "0")}${randomBase62()}`;
  };
}

function randomBase62(): string {
  let text = "";
  for (const byte of randomBytes(randomLength)) text += base62.charAt(byte % base62.length);
  return text;
}
