import { systemErrorCode } from "./system-error-code";

/**
 * False when there is nobody to get it, or nobody that we may signal (macOS also says EPERM for a group of zombies).
 * Never reaches everybody: kill(2) reads 0 as our own group and -1 as every process. `undefined`: it never started.
 */
export function sendSignal(
  target: { readonly pid: number | undefined } | { readonly groupId: number | undefined },
  signal: NodeJS.Signals,
): boolean {
  const id = "pid" in target ? target.pid : target.groupId;
  if (id === undefined || !Number.isSafeInteger(id) || id <= 1) return false;
  try {
    return process.kill("pid" in target ? id : -id, signal);
  } catch (thrown) {
    if (["ESRCH", "EPERM"].includes(systemErrorCode(thrown) ?? "")) return false;
    throw thrown;
  }
}

/** Whether some process has this pid: a zombie too, and one that is not ours. */
export function isPidTaken(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (thrown) {
    return systemErrorCode(thrown) === "EPERM";
  }
}
