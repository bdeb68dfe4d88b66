import { readFile } from "node:fs/promises";
import { execa } from "execa";
import { OctoError } from "../../octo-error";
import { answerWithin, tableDeadlineMs } from "./answer-within";

let known: string | undefined;

/**
 * Names this boot of the machine; another one means that every process of before is gone. It does not follow the wall clock, as a
 * boot time would. Sources: random(4) on Linux, `kern.bootsessionuuid` on macOS. PROCESS_TABLE_UNREADABLE.
 */
export async function bootId(): Promise<string> {
  known ??= await answerWithin(tableDeadlineMs, "the boot id", readBootId());
  return known;
}

async function readBootId(): Promise<string> {
  try {
    if (process.platform === "linux") return (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
    const { stdout } = await execa("/usr/sbin/sysctl", ["-n", "kern.bootsessionuuid"], { timeout: tableDeadlineMs, stdin: "ignore" });
    return stdout.trim();
  } catch (cause) {
    throw new OctoError("PROCESS_TABLE_UNREADABLE", "the system does not tell which boot this is", { cause });
  }
}
