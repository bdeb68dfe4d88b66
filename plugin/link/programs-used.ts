import { findProgram, findProgramThoroughly, isReadable } from "../programs";
import { setup } from "../setup";

let curl: string | undefined;

/** Absolute path of curl; looked for until it is there. */
export function curlProgram(): string | undefined {
  curl ??= setup().options.curl ?? findProgram("curl");
  return curl;
}

/** Absolute path of octo: the option, what was installed beside this plugin, or the one of the PATH. Yields. */
export function octoProgram(): string | undefined {
  const { options, home } = setup();
  if (options.octo !== undefined) return options.octo;
  const found = findProgram("octo");
  if (found !== undefined) return found;
  if (home !== undefined && isReadable(`${home}/dist/octo.js`) && isReadable(`${home}/bin/octo`)) return `${home}/bin/octo`;
  return findProgramThoroughly("octo");
}
