import { execFileSync } from "node:child_process";
import { tempFolder } from "./temp-folder";

export interface SmallDisk extends AsyncDisposable {
  readonly path: string;
}

const commandTimeoutMs = 10_000;

/** A disk of `bytes` of its own (tmpfs). Only root on Linux can mount one: undefined elsewhere, with the reason printed. */
export async function smallDisk(bytes: number): Promise<SmallDisk | undefined> {
  const folder = await tempFolder("octo-disk");
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${bytes},mode=0700`, "tmpfs", folder.path], {
      timeout: commandTimeoutMs,
      stdio: "pipe",
    });
  } catch (thrown) {
    await folder[Symbol.asyncDispose]();
    console.warn(`full disk not tested, no small disk here: ${thrown instanceof Error ? thrown.message.trim() : String(thrown)}`);
    return undefined;
  }
  return {
    path: folder.path,
    [Symbol.asyncDispose]: async () => {
      execFileSync("umount", [folder.path], { timeout: commandTimeoutMs, stdio: "pipe" });
      await folder[Symbol.asyncDispose]();
    },
  };
}
