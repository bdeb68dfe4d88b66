import type { ErrorCode, ErrorInfo } from "../../../shared/errors";
import type { TurnOutcome } from "../../ports/opencode";
import type { TurnError } from "./schemas";

const messageCharactersMax = 1_000;

/** How an error that OpenCode stored or sent ends a turn. */
export function toOutcome(error: TurnError): TurnOutcome {
  if (error.name === "MessageAbortedError") return { kind: "aborted" };
  if (error.name === "MessageOutputLengthError") return { kind: "truncated" };
  return { kind: "failed", error: toTurnErrorInfo(error) };
}

/** The same as a value with a code. Only the first line is kept: OpenCode appends stack traces (seen). */
export function toTurnErrorInfo(error: TurnError): ErrorInfo {
  const text = error.data?.message ?? error.name;
  const [firstLine = ""] = text.split("\n", 1);
  return { code: codeOf(error, firstLine), message: firstLine.slice(0, messageCharactersMax) };
}

function codeOf(error: TurnError, message: string): ErrorCode {
  switch (error.name) {
    case "ProviderAuthError":
      return "PROVIDER_AUTH";
    case "ContextOverflowError":
      return "CONTEXT_OVERFLOW";
    case "ContentFilterError":
      return "PROVIDER_REFUSED";
    case "MessageAbortedError":
      return "TURN_ABORTED";
    case "MessageOutputLengthError":
      return "TURN_TRUNCATED";
    case "APIError":
      return codeOfStatus(error.data?.statusCode);
    default:
      return codeOfText(message);
  }
}

/** No status means that no answer came: refused, reset or timed out. */
function codeOfStatus(status: number | undefined): ErrorCode {
  if (status === undefined || status >= 500 || status === 408) return "PROVIDER_UNAVAILABLE";
  if (status === 401 || status === 403) return "PROVIDER_AUTH";
  if (status === 429) return "PROVIDER_RATE_LIMITED";
  return "PROVIDER_REFUSED";
}

/** OpenCode 1.18.33 names these two by text alone: `UnknownError` with "Model not found: a/b" or "Agent not found: …" (seen). */
function codeOfText(message: string): ErrorCode {
  if (/^(ProviderModelNotFoundError: )?Model not found: /.test(message)) return "MODEL_UNKNOWN";
  if (/^Agent not found: /.test(message)) return "AGENT_UNKNOWN";
  return "TURN_FAILED";
}
