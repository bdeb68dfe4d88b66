import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { writeDurably } from "../../write-durably";

const ownerPattern = /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/;

/**
 * Names the bridge of a state folder on hosts: the same at each start, and of no other, since two laptops may use one host. Written down at
 * the first start: a machine's name changes with its network (DHCP), and under another name the servers of before would not be found.
 */
export async function ownerOf(state: string, machine: string = hostname()): Promise<string> {
  const file = join(state, "owner");
  const known = (await readFile(file, "utf8").catch(() => "")).trim();
  if (ownerPattern.test(known)) return known;
  const name = machine.split(".")[0]?.replace(/[^A-Za-z0-9-]/g, "") ?? "";
  const hash = createHash("sha256").update(`${machine}\0${state}`).digest("hex").slice(0, 8);
  const owner = `${name.slice(0, 20)}-${hash}`.replace(/^-+/, "");
  // Where the disk refuses, the next start tries again.
  await writeDurably(file, `${owner}\n`).catch(() => undefined);
  return owner;
}
