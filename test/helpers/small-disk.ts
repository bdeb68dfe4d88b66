import { execFileSync } from "node:child_process";
import { tempFolder } from "./temp-folder";

export interface SmallDisk extends AsyncDisposable {
  readonly path: string;
}

const commandTimeoutMs = 10_000;

/** Only root on Linux can mount a disk, and not in every container. Prints the reason when it cannot. */
export async function canMountDisks(): Promise<boolean> {
  try {
    await (await smallDisk(1024 * 1024))[Symbol.asyncDispose]();
    return true;
  } catch (thrown) {
    console.warn(`full disk not tested, no small disk here: ${thrown instanceof Error ? thrown.message.trim() : String(thrown)}`);
    return false;
  }
}

/** A disk of `bytes` of its own (tmpfs). */
export async function smallDisk(bytes: number): Promise<SmallDisk> {
  const folder = await tempFolder("octo-disk");
  const run = (command: string, argv: readonly string[]): void => {
    execFileSync(command, argv, { timeout: commandTimeoutMs, stdio: "pipe" });
  };
  try {
    run("mount", ["-t", "tmpfs", "-o", `size=${bytes},mode=0700`, "tmpfs", folder.path]);
  } catch (thrown) {
    await folder[Symbol.asyncDispose]();
    throw thrown;
  }
  return {
    path: folder.path,
    [Symbol.asyncDispose]: async () => {
      run("umount", [folder.path]);
      await folder[Symbol.asyncDispose]();
    },
  };
}
