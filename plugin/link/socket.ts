import * as wezterm from "wezterm";
import { attempt } from "../attempt";
import { parentOf } from "../folders";

export type SocketState = "absent" | "foreign" | "there";

const noEntry = 2;
const noAccess = 13;

/** Looks without starting anything: opening a socket as a file fails, and how it fails tells. */
export function socketState(path: string): SocketState {
  const [file, , code] = io.open(path, "r");
  if (file !== undefined) {
    // Something that is no socket; curl will say so.
    file.close();
    return "there";
  }
  if (code === noEntry) return "absent";
  return code === noAccess ? "foreign" : "there";
}

/** Do the socket and its folder belong to this user? Nothing is sent to anybody else's. Yields. */
export function isOwn(path: string): boolean {
  const asked = attempt(() => {
    const [own] = wezterm.run_child_process(["/bin/sh", "-c", 'test -O "$1" && test -O "$2"', "sh", path, parentOf(path)]);
    return own;
  });
  return asked.ok && asked.value;
}
