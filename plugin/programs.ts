import * as wezterm from "wezterm";
import { attempt } from "./attempt";
import { parentOf } from "./folders";

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
  return findProgram(name) ?? findUnderNvm(name) ?? (readLoginPath() ? findProgram(name) : undefined);
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
  for (const path of [os.getenv("PATH") ?? "", loginPath ?? ""]) {
    for (const [folder] of string.gmatch(path, "[^:]+")) if (folder !== undefined && string.sub(folder, 1, 1) === "/") folders.push(folder);
  }
  for (const folder of usualFolders) folders.push(folder);
  for (const folder of homeFolders) folders.push(`${wezterm.home_dir}/${folder}`);
  return folders;
}

function findUnderNvm(name: string): string | undefined {
  const found = attempt(() => wezterm.glob(`${wezterm.home_dir}/.nvm/versions/node/*/bin/${name}`));
  return found.ok ? found.value[found.value.length - 1] : undefined;
}

/** `env` prints the PATH the same way under every shell, fish included. */
function readLoginPath(): boolean {
  const shell = os.getenv("SHELL") ?? "/bin/sh";
  const run = attempt(() => {
    const [, output] = wezterm.run_child_process([shell, "-lc", "/usr/bin/env"]);
    return output;
  });
  if (!run.ok) return false;
  const [path] = string.match(`\n${run.value}`, "\nPATH=([^\n]*)");
  loginPath = path;
  return path !== undefined;
}
