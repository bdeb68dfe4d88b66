import { OctoError } from "../../octo-error";
import type { ExitInfo } from "../../ports/processes";
import { isPortFree } from "./launcher-port";

const shownLinesMax = 8;

/**
 * Why a server ended before it was ready, from its last words (texts of 1.18.33, observed):
 * OPENCODE_CONFIG_BROKEN (`Config file at PATH is not valid JSON(C)`, `Configuration is invalid at PATH`),
 * PORT_TAKEN (`ServeError`, and somebody holds the port), else INSTANCE_EXITED with the lines.
 */
export async function explainExit(exit: ExitInfo, stderr: string, port: number): Promise<OctoError> {
  const broken = /(?:Config file at .+ is not valid JSON|Configuration is invalid at ).*(?:\n↳ .*)*/u.exec(stderr);
  if (broken !== null) return new OctoError("OPENCODE_CONFIG_BROKEN", withReasons(broken[0], stderr));
  if (/ServeError|EADDRINUSE/.test(stderr) && !(await isPortFree(port))) {
    return new OctoError("PORT_TAKEN", `Port ${port} of 127.0.0.1 is taken by another program.`);
  }
  const how = exit.code !== null ? `with code ${exit.code}` : exit.signal !== null ? `by ${exit.signal}` : "";
  const words = stderr === "" ? "It wrote nothing to stderr." : `Its last lines: ${stderr.split("\n").slice(-shownLinesMax).join("\n")}`;
  return new OctoError("INSTANCE_EXITED", `OpenCode ended ${how} before it was ready. ${words}`.replace("  ", " "));
}

/** The reasons that follow `--- Errors ---` name lines and columns; the values beside them are gone from the log's last lines. */
function withReasons(sentence: string, stderr: string): string {
  const reasons = /--- Errors ---\n([\s\S]*?)(?:\n--- End ---|$)/.exec(stderr)?.[1];
  return reasons === undefined ? sentence : `${sentence.replace(/:\s*$/, "")}: ${reasons.split("\n").slice(0, shownLinesMax).join("; ")}`;
}
