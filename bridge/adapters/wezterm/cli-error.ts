import type { ErrorCode } from "../../../shared/errors";
import { inert } from "../../inert";
import { OctoError } from "../../octo-error";

/** A call that did not end well. */
export interface CliFailure {
  readonly command: string;
  /** The subcommand. */
  readonly what: string;
  /** Node's code when the program could not be started. */
  readonly systemCode: string | undefined;
  readonly timedOut: boolean;
  readonly timeoutMs: number;
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly stderr: string;
}

// What WezTerm 20250223 prints, seen in the real GUI unless marked; the first that fits decides.
const sayings: readonly (readonly [RegExp, ErrorCode])[] = [
  [/failed to connect to Socket/, "GUI_GONE"],
  [/no such pane \d+/, "PANE_UNKNOWN"],
  [/unable to resolve current tab/, "PANE_UNKNOWN"],
  // Read in mux/src/lib.rs and wezterm-mux-server-impl/src/sessionhandler.rs.
  [/pane \d+ not found|pane_id \d+ invalid/, "PANE_UNKNOWN"],
  [/window_id \d+ not found on this server/, "WINDOW_UNKNOWN"],
  [/domain name .* is invalid/, "DOMAIN_UNKNOWN"],
  [/couldn't determine which pane was currently focused/, "WINDOW_UNKNOWN"],
];

const stderrShownMax = 300;

/** The one translation of what `wezterm cli` says into octo's codes. */
export function cliError(failure: CliFailure): OctoError {
  const { command, what, systemCode, timedOut, timeoutMs, exitCode, signal } = failure;
  const text = inert(failure.stderr).trim();
  if (timedOut) return new OctoError("WEZTERM_TIMEOUT", `wezterm cli ${what} did not end within ${timeoutMs} ms`);
  if (systemCode === "ENOENT" || systemCode === "EACCES" || systemCode === "ENOTDIR") {
    return new OctoError("WEZTERM_MISSING", `${command} cannot be run (${systemCode})`);
  }
  const code = sayings.find(([saying]) => saying.test(text))?.[1] ?? "WEZTERM_FAILED";
  const how = signal ?? (exitCode === undefined ? (systemCode ?? "no exit code") : `exit code ${exitCode}`);
  return new OctoError(code, `wezterm cli ${what}: ${text === "" ? how : text.slice(0, stderrShownMax)}`);
}
