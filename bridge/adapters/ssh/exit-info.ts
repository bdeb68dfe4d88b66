import { constants } from "node:os";
import type { ExitInfo } from "../../ports/processes";

/** Those whose numbers POSIX fixes, or that Linux and macOS share. */
const sharedSignals = [
  "SIGHUP",
  "SIGINT",
  "SIGQUIT",
  "SIGILL",
  "SIGTRAP",
  "SIGABRT",
  "SIGFPE",
  "SIGKILL",
  "SIGSEGV",
  "SIGPIPE",
  "SIGALRM",
  "SIGTERM",
];

/** What a shell's `$?` tells: above 128 a signal. (A program that ends itself with such a code looks the same.) */
export function exitOf(code: number): ExitInfo {
  const signal = Object.entries(constants.signals).find(([name, number]) => number === code - 128 && sharedSignals.includes(name));
  return signal === undefined ? { code, signal: null } : { code: null, signal: signal[0] };
}
