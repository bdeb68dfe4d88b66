import { readFile } from "node:fs/promises";
import { type ParseError, parse, printParseErrorCode } from "jsonc-parser";
import { OctoError } from "../octo-error";
import { type Config, configSchema } from "./config";

/** Reads the file; defaults where there is none. CONFIG_INVALID names the file, the place and the value. */
export async function readConfig(path: string): Promise<Config> {
  const text = await readFile(path, "utf8").catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === "ENOENT") return "{}";
    throw new OctoError("CONFIG_INVALID", `${path} cannot be read: ${thrown.code ?? thrown.message}`);
  });
  return parseConfig(text, path);
}

function parseConfig(text: string, path: string): Config {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error) {
    const line = text.slice(0, error.offset).split("\n").length;
    throw new OctoError("CONFIG_INVALID", `${path}:${line}: ${printParseErrorCode(error.error)}`);
  }
  const parsed = configSchema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new OctoError("CONFIG_INVALID", `${path}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
}
