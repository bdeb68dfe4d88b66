import { createHmac, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { OctoError } from "./octo-error";
import type { Redactor } from "./redactor";
import { systemErrorCode } from "./system-error-code";
import { writeDurably } from "./write-durably";

const keyBytes = 32;
const passwordBytes = 24;

/** The password of each instance, the same for every bridge of this state folder. */
export type PasswordOf = (instanceId: string) => string;

/**
 * Passwords are derived from a key in a file of its own (0600), made at the first start: the database holds none, so a copy of it gives
 * nothing away, and a bridge finds its servers again. Whatever is handed out is told to the redactor. STORE_FAILED when the key cannot be read or made.
 */
export async function openPasswords(keyFile: string, redactor: Pick<Redactor, "know">): Promise<PasswordOf> {
  try {
    const key = (await readKey(keyFile)) ?? (await makeKey(keyFile));
    return (instanceId) => {
      const password = createHmac("sha256", key).update(instanceId).digest().subarray(0, passwordBytes).toString("base64url");
      redactor.know([password]);
      return password;
    };
  } catch (thrown) {
    const reason = systemErrorCode(thrown) ?? String(thrown);
    throw new OctoError("STORE_FAILED", `the key ${keyFile} cannot be used: ${reason}`, { cause: thrown });
  }
}

/** Undefined when there is none. One of another length is none: no server was ever started by it. */
async function readKey(keyFile: string): Promise<Buffer | undefined> {
  try {
    const key = await readFile(keyFile);
    return key.length === keyBytes ? key : undefined;
  } catch (thrown) {
    if (systemErrorCode(thrown) === "ENOENT") return undefined;
    throw thrown;
  }
}

/** On the disk before anybody uses it: the next one would fit no server. */
async function makeKey(keyFile: string): Promise<Buffer> {
  const key = randomBytes(keyBytes);
  await writeDurably(keyFile, key);
  return key;
}
