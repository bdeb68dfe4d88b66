import type { ErrorCode, ErrorInfo } from "../shared/errors";

/** The one error class of the bridge; identified by its code, never by its text. */
export class OctoError extends Error {
  override readonly name = "OctoError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  get info(): ErrorInfo {
    return { code: this.code, message: this.message };
  }
}

/** What anything thrown becomes at a border: its own code, or INTERNAL. */
export function toErrorInfo(thrown: unknown): ErrorInfo {
  if (thrown instanceof OctoError) return thrown.info;
  return { code: "INTERNAL", message: thrown instanceof Error ? thrown.message : String(thrown) };
}
