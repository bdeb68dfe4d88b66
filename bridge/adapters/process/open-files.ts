import { execa } from "execa";

const deadlineMs = 2_000;

/**
 * How many files this process may have open at once: a child's shell has the same limit. Node raises the soft limit to the hard one at its
 * own start (seen), so that is what it says. Undefined where it cannot be learned.
 */
export async function readOpenFilesMax(): Promise<number | undefined> {
  const { stdout } = await execa("/bin/sh", ["-c", "ulimit -n"], { timeout: deadlineMs, stdin: "ignore", reject: false });
  const text = stdout.trim();
  if (text === "unlimited") return Number.MAX_SAFE_INTEGER;
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
