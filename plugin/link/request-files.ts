import * as wezterm from "wezterm";
import { remember, rememberedNumber } from "../memory";
import { ensurePrivateFile, writeFile } from "./private-file";

/** Requests under way at once in this GUI; more are refused. */
const filesMax = 8;
/** No request takes longer: a file whose Lua state went away in the middle is free again then. */
const useMaxS = 300;

/**
 * Runs `use` with a private file that holds `text`, and empties it afterwards. Undefined when there is no such file. The files are
 * few and used again, also after a reload. Yields.
 */
export function withRequestFile<Result>(folder: string, text: string, use: (file: string) => Result): Result | undefined {
  const number = takeFree();
  if (number === undefined) return undefined;
  const file = `${folder}/request-${wezterm.procinfo.pid()}-${number}.json`;
  const result = ensurePrivateFile(file) && writeFile(file, text) ? use(file) : undefined;
  writeFile(file, "");
  remember(busyKey(number), 0);
  return result;
}

/** Makes the first file ahead of the first key press. */
export function prepareRequestFile(folder: string): void {
  withRequestFile(folder, "", () => true);
}

function takeFree(): number | undefined {
  const nowS = os.time();
  for (let number = 0; number < filesMax; number++) {
    const key = busyKey(number);
    if (rememberedNumber(key) <= nowS) {
      remember(key, nowS + useMaxS);
      return number;
    }
  }
  return undefined;
}

function busyKey(number: number): string {
  return `request_${number}`;
}
