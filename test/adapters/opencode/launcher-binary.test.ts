import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { findOpenCode } from "../../../bridge/adapters/opencode/launcher-binary";
import { type TempFolder, tempFolder } from "../../helpers/temp-folder";

const native = Buffer.from("7f454c46", "hex");
const dummy = 'echo "Error: postinstall script was not run" >&2\nexit 1\n';

describe("the program of OpenCode", () => {
  test("is the one on the PATH, whatever it is", async () => {
    await using folder = await tempFolder();
    const script = await program(folder, "bin/opencode", "#!/bin/sh\n");
    expect(await findOpenCode({ path: `relative:/nowhere:${dirname(script)}` })).toEqual([script]);
  });

  test("is the native file behind the link of the npm package", async () => {
    await using folder = await tempFolder();
    const binary = await npmPackage(folder, native);
    await symlink(binary, join(folder.path, "opencode"));
    expect(await findOpenCode({ path: folder.path })).toEqual([binary]);
  });

  test.each([
    ["its install script has not run", dummy],
    ["it is an older one that starts Node", "#!/usr/bin/env node\n"],
  ])("is the one of the platform's package where %s", async (_, text) => {
    await using folder = await tempFolder();
    await symlink(await npmPackage(folder, text), join(folder.path, "opencode"));
    const platform = `node_modules/opencode-${process.platform}-${process.arch}`;
    await program(folder, `${platform}/package.json`, "{}");
    const binary = await program(folder, `${platform}/bin/opencode`, native);
    expect(await findOpenCode({ path: folder.path })).toEqual([binary]);
  });

  test("is that of the package next to octo when the PATH has none", async () => {
    const [file, ...rest] = await findOpenCode({ path: "/nowhere" });
    expect(file).toMatch(/node_modules\/opencode-/);
    expect(rest).toEqual([]);
  });

  test("is the configured one with its arguments, by path or by name", async () => {
    await using folder = await tempFolder();
    const file = await program(folder, "bin/mine", "#!/bin/sh\n");
    expect(await findOpenCode({ configured: [file, "--pure"], path: "" })).toEqual([file, "--pure"]);
    expect(await findOpenCode({ configured: ["mine"], path: dirname(file) })).toEqual([file]);
  });

  test.each([["/nowhere/opencode"], ["no-such-program"], ["./opencode"]])(
    "is missing when %s is configured, and the error says so",
    async (name) => {
      await expect(findOpenCode({ configured: [name], path: "/nowhere" })).rejects.toMatchObject({
        code: "OPENCODE_MISSING",
        message: expect.stringContaining(name),
      });
    },
  );
});

async function npmPackage(folder: TempFolder, binary: string | Buffer): Promise<string> {
  await program(folder, "node_modules/opencode-ai/package.json", '{"name":"opencode-ai"}');
  return program(folder, "node_modules/opencode-ai/bin/opencode.exe", binary);
}

async function program(folder: TempFolder, path: string, content: string | Buffer): Promise<string> {
  const file = join(folder.path, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  await chmod(file, 0o755);
  return file;
}
