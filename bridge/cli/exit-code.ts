import type { ErrorCode } from "../../shared/errors";
import type { TaskView } from "../../shared/task";

/** What `octo` ends with; scripts rely on it. */
export const exitCodes = {
  succeeded: 0,
  failed: 1,
  usage: 2,
  bridge: 3,
  cancelled: 4,
  /** Ctrl-C, as shells have it: 128 + SIGINT. */
  detached: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const usageCodes: readonly ErrorCode[] = [
  "REQUEST_INVALID",
  "NAME_AMBIGUOUS",
  "REQUEST_TOO_LARGE",
  "PROMPT_EMPTY",
  "PROMPT_TOO_LARGE",
  "ATTACHMENT_UNREADABLE",
  "ASK_ANSWER_INVALID",
];
const bridgeCodes: readonly ErrorCode[] = [
  "BRIDGE_NOT_RUNNING",
  "BRIDGE_STOPPING",
  "BRIDGE_NEWER",
  "BRIDGE_START_FAILED",
  "BRIDGE_TIMEOUT",
  "PROTOCOL_MISMATCH",
  "METHOD_UNKNOWN",
  "RATE_LIMITED",
  "STATE_FOLDER_FOREIGN",
  "STATE_FOLDER_OPEN",
  "SOCKET_FOREIGN",
  "SOCKET_PATH_TOO_LONG",
  "STORE_FULL",
  "STORE_CORRUPT",
  "STORE_NEWER",
  "STORE_FAILED",
  "CONFIG_INVALID",
  "INTERNAL",
];

export function exitCodeOf(code: ErrorCode): ExitCode {
  if (usageCodes.includes(code)) return exitCodes.usage;
  return bridgeCodes.includes(code) ? exitCodes.bridge : exitCodes.failed;
}

/** The worst of several: failed before cancelled before succeeded. */
export function exitCodeOfTasks(tasks: readonly TaskView[]): ExitCode {
  if (tasks.some(({ state }) => state === "failed")) return exitCodes.failed;
  return tasks.some(({ state }) => state === "cancelled") ? exitCodes.cancelled : exitCodes.succeeded;
}
