import * as wezterm from "wezterm";
import { attempt } from "../attempt";
import { isReadable } from "../programs";

// Lua cannot chmod, and a GUI's umask is often 022: a shell makes each file once, empty and 0600; after that Lua only fills it.

const create = 'umask 077; mkdir -p -- "$(dirname -- "$1")" && : > "$1"';

/** Afterwards the file is there, empty unless it was there before, and only the user may read it. Yields. False when that failed. */
export function ensurePrivateFile(path: string): boolean {
  if (isReadable(path)) return true;
  const made = attempt(() => {
    const [ok] = wezterm.run_child_process(["/bin/sh", "-c", create, "sh", path]);
    return ok;
  });
  return made.ok && made.value;
}

/** Replaces what is in the file. */
export function writeFile(path: string, text: string): boolean {
  const [file] = io.open(path, "w");
  if (file === undefined) return false;
  const [written] = file.write(text);
  const closed = file.close();
  return written !== undefined && closed !== false;
}

export function readFile(path: string, bytesMax: number): string | undefined {
  const [file] = io.open(path, "r");
  if (file === undefined) return undefined;
  const text = file.read(bytesMax);
  file.close();
  return text ?? "";
}
