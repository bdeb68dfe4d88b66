import * as wezterm from "wezterm";
import { type Folders, octoFolders } from "./folders";
import type { Options } from "./option-types";
import { readOptions } from "./options";

/** What holds for the life of one Lua state. */
export interface Setup {
  readonly options: Options;
  readonly folders: Folders;
  /** Process id of this GUI. */
  readonly guiId: number;
  /** Absolute path of the folder that octo and this plugin were installed in, where that can be told. */
  readonly home: string | undefined;
}

let current: Setup | undefined;
let home: string | undefined;

/** Remembers where this file was loaded from: `require` tells it. */
export function setHome(file: string | undefined): void {
  const [folder] = file === undefined ? [undefined] : string.match(file, "^(/.*)/plugin/init%.lua$");
  home = folder;
}

/** Reads the options; the first call of a Lua state counts. */
export function setUp(given: unknown): Setup {
  if (current !== undefined) return current;
  const options = readOptions(given);
  current = { options, folders: octoFolders(options.socket), guiId: wezterm.procinfo.pid(), home };
  return current;
}

/** With the defaults where `apply_to_config` was not called. */
export function setup(): Setup {
  return current ?? setUp(undefined);
}

export function isSetUp(): boolean {
  return current !== undefined;
}
