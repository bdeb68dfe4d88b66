import { open, readFile, realpath } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { z } from "zod";

const manifest = z.object({ name: z.string() });

/** First bytes of an ELF file and of Mach-O files (64 bit, and universal). */
const nativeMagics: readonly string[] = ["7f454c46", "cffaedfe", "cafebabe"];

/**
 * The program to start for `file`. Of the npm package `opencode-ai` it is the native one: since 1.18 its install script puts that in the
 * place of `bin/opencode.exe`; where it has not run (`--ignore-scripts`, pnpm) a dummy is there that only complains, and older
 * versions have a Node script; then the package of this platform next to it holds the program. Undefined when only the dummy is there.
 */
export async function nativeBinary(file: string): Promise<string | undefined> {
  const real = await realpath(file);
  const start = await firstBytes(real);
  if (nativeMagics.includes(start.toString("hex")) || !(await isOfPackage(real))) return real;
  for (const name of platformPackages()) {
    const binary = resolveFrom(real, `${name}/package.json`);
    if (binary !== undefined) return join(dirname(binary), "bin", "opencode");
  }
  return start.toString("latin1").startsWith("#!") ? real : undefined;
}

async function isOfPackage(binary: string): Promise<boolean> {
  try {
    const parsed = manifest.safeParse(JSON.parse(await readFile(join(dirname(binary), "..", "package.json"), "utf8")));
    return parsed.data?.name === "opencode-ai";
  } catch {
    return false;
  }
}

/** The one that runs on every processor first. */
function platformPackages(): readonly string[] {
  const name = `opencode-${process.platform}-${process.arch}`;
  const libc = process.platform === "linux" && isMusl() ? "-musl" : "";
  return [`${name}-baseline${libc}`, `${name}${libc}`];
}

function isMusl(): boolean {
  const report = z.object({ header: z.object({ glibcVersionRuntime: z.string() }) });
  return !report.safeParse(process.report.getReport()).success;
}

function resolveFrom(file: string, specifier: string): string | undefined {
  try {
    return createRequire(file).resolve(specifier);
  } catch {
    return undefined;
  }
}

async function firstBytes(file: string): Promise<Buffer> {
  const handle = await open(file, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
