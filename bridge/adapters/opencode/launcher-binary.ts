import { access, constants, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, isAbsolute, join } from "node:path";
import { OctoError } from "../../octo-error";
import { nativeBinary } from "./launcher-native-binary";

export interface BinarySources {
  /** `opencode.command` of the configuration: program and first arguments. It alone counts when it is there. */
  readonly configured?: readonly string[] | undefined;
  /** The PATH that instances get. */
  readonly path: string | undefined;
}

type Command = readonly [string, ...string[]];

/**
 * The command that starts OpenCode: the configured one, else `opencode` of the PATH, else the npm package next to octo.
 * Where that is a wrapper script of the npm package, the native program behind it: no Node process (40 MB) stays in between
 * and signals reach the server itself. OPENCODE_MISSING names every place looked at.
 */
export async function findOpenCode(sources: BinarySources): Promise<Command> {
  const [program, ...first] = sources.configured ?? [];
  if (program !== undefined) return findConfigured(program, first, sources.path);

  const file = await findOnPath("opencode", sources.path);
  const ofPath = file && (await nativeBinary(file));
  if (ofPath !== undefined) return [ofPath];
  const ofPackage = await findInPackage();
  if (ofPackage !== undefined) return [ofPackage];
  const onPath = file === undefined ? "no opencode on the PATH" : `${file}, whose install script has not run,`;
  throw new OctoError(
    "OPENCODE_MISSING",
    `OpenCode was not found: ${onPath} (${sources.path || "empty"}), no package opencode-ai next to octo.`,
  );
}

async function findConfigured(program: string, first: readonly string[], path: string | undefined): Promise<Command> {
  if (program.includes("/") && !isAbsolute(program)) {
    throw new OctoError("OPENCODE_MISSING", `opencode.command must be an absolute path or a name on the PATH, not "${program}".`);
  }
  const file = isAbsolute(program) ? await executable(program) : await findOnPath(program, path);
  if (file !== undefined) return [file, ...first];
  const where = isAbsolute(program) ? "it is no executable file" : `it is not on the PATH (${path || "empty"})`;
  throw new OctoError("OPENCODE_MISSING", `opencode.command is "${program}", but ${where}.`);
}

async function findOnPath(name: string, path: string | undefined): Promise<string | undefined> {
  // A relative entry would mean another folder to each process.
  for (const folder of (path ?? "").split(delimiter).filter(isAbsolute)) {
    const file = await executable(join(folder, name));
    if (file !== undefined) return file;
  }
  return undefined;
}

async function findInPackage(): Promise<string | undefined> {
  try {
    const manifest = createRequire(import.meta.url).resolve("opencode-ai/package.json");
    return await nativeBinary(join(manifest, "..", "bin", "opencode.exe"));
  } catch {
    return undefined;
  }
}

async function executable(file: string): Promise<string | undefined> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile() ? file : undefined;
  } catch {
    return undefined;
  }
}
