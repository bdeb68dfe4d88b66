import { randomBytes } from "node:crypto";

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const stampMax = 2 ** 48;

let lastMs = 0;
let counter = 0;

/**
 * An id in OpenCode's format: prefix, 12 hex digits of time and counter, 14 random base62 characters.
 * Ids of messages and parts order by time; those of sessions run backwards (seen), so that the newest sorts first.
 */
export function newId(prefix: "evt" | "msg" | "prt" | "per" | "que" | "ses"): string {
  const nowMs = Date.now();
  counter = nowMs === lastMs ? counter + 1 : 1;
  lastMs = nowMs;
  const stamp = (nowMs * 4096 + counter) % stampMax;
  const ordered = prefix === "ses" ? stampMax - 1 - stamp : stamp;
  const random = Array.from(randomBytes(14), (byte) => alphabet.charAt(byte % alphabet.length)).join("");
  return `${prefix}_${ordered.toString(16).padStart(12, "0")}${random}`;
}
