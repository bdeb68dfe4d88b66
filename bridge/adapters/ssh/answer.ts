import { type ErrorCode, errorCodes } from "../../../shared/errors";
import { inert } from "../../inert";
import { OctoError } from "../../octo-error";
import type { ShellOutput } from "./shell";

const messageLengthMax = 600;

/** The lines of an answer; raises what octo_fail said, else HOST_COMMAND_FAILED with the end of stderr. */
export function answerLines(output: ShellOutput, host: string): readonly string[] {
  const lines = output.stdout.split("\n").filter((line) => line !== "");
  if (output.code === 0) return lines;
  const failure = lines.findLast((line) => line.startsWith("fail "));
  const [, code = "", message = ""] = /^fail (\S+) (.*)$/.exec(failure ?? "") ?? [];
  if (isErrorCode(code)) throw new OctoError(code, `${host}: ${inert(message)}`);
  const said = inert(output.stderr).trim().slice(-messageLengthMax);
  throw new OctoError("HOST_COMMAND_FAILED", `${host}: a command ended with code ${output.code}: ${said || "it said nothing"}`);
}

/** The words after `name` in the first line that begins with it; HOST_COMMAND_FAILED where there is none. */
export function answerWords(lines: readonly string[], name: string, host: string): readonly string[] {
  const line = lines.find((candidate) => candidate.startsWith(`${name} `));
  if (line === undefined)
    throw new OctoError("HOST_COMMAND_FAILED", `${host}: no "${name}" in the answer: ${inert(lines.join("; ")).slice(0, 200)}`);
  return line.split(" ").slice(1);
}

function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorCodes, text);
}
