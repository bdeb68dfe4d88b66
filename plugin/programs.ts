import * as wezterm from "wezterm";
import { attempt } from "./attempt";
import { environmentVariable } from "./environment";
import { parentOf } from "./folders";
import { readLoginPath } from "./login-path";

// A GUI that was started from a desktop has a short PATH: programs are looked for in the usual places too.

const usualFolders = ["/opt/homebrew/bin", "/usr/local/bin", "/usr/bin", "/bin", "/opt/local/bin"];
const homeFolders = [
  ".local/bin",
  "bin",
  ".npm-global/bin",
  ".volta/bin",
  ".bun/bin",
  ".asdf/shims",
  ".local/share/mise/shims",
  ".local/share/pnpm",
];

let loginPath: string | undefined;

/** Absolute path of the program, or undefined. Reads folders of the PATH and the usual ones; starts nothing. */
export function findProgram(name: string): string | undefined {
  for (const folder of searchedFolders()) {
    const path = `${folder}/${name}`;
    if (isReadable(path)) return path;
  }
  return undefined;
}

/** The same, and then by the PATH of the user's login shell, which takes a while. Yields. */
export function findProgramThoroughly(name: string): string | undefined {
  const found = findProgram(name) ?? findUnderNvm(name);
  if (found !== undefined) return found;
  loginPath = readLoginPath();
  return loginPath === undefined ? undefined : findProgram(name);
}

/** A PATH in which a program finds what it needs: its own folder first (`octo` needs the `node` beside it). */
export function pathFor(program: string): string {
  return [parentOf(program), ...searchedFolders()].join(":");
}

export function isReadable(path: string): boolean {
  const [file] = io.open(path, "r");
  if (file === undefined) return false;
  file.close();
  return true;
}

function searchedFolders(): readonly string[] {
  const folders: string[] = [];
  for (const path of [environmentVariable("PATH") ?? "", loginPath ?? ""]) {
    for (const [folder] of string.gmatch(path, "[^:]+")) if (folder !== undefined && string.sub(folder, 1, 1) === "/") folders.push(folder);
  }
  for (const folder of usualFolders) folders.push(folder);
  for (const folder of homeFolders) folders.push(`${wezterm.home_dir}/${folder}`);
  return folders;
}

/** Of the newest Node there. */
function findUnderNvm(name: string): string | undefined {
  const found = attempt(() => wezterm.glob(`${wezterm.home_dir}/.nvm/versions/node/*/bin/${name}`));
  if (!found.ok) return undefined;
  let newest: string | undefined;
  for (const path of found.value) if (newest === undefined || versionIn(path) > versionIn(newest)) newest = path;
  return newest;
}

/** As one number; `…/v20.11.1/bin/octo` is 20011001. */
function versionIn(path: string): number {
  const [major, minor, patch] = string.match(path, "/v(%d+)%.(%d+)%.(%d+)/");
  return ((tonumber(major) ?? 0) * 1000 + (tonumber(minor) ?? 0)) * 1000 + (tonumber(patch) ?? 0);
}
