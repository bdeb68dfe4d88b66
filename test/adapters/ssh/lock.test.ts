import { readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { quote } from "../../../bridge/adapters/ssh/remote-program";
import { tempFolder } from "../../helpers/temp-folder";
import { runLocally } from "./local-shell";

const run = async (home: string, script: string) =>
  runLocally({ shell: ["sh"], environment: { HOME: home, SHELL: "/bin/sh" }, owner: "locks", script });

test("of many that find the lock of a dead process one at a time has it", { timeout: 60_000 }, async () => {
  await using temp = await tempFolder("octo-lock");
  const folder = quote(temp.path);
  // Between a look and what follows from it others do something.
  const slowly = ["mv", "ln", "rm"].map((name) => `${name}() { sleep "0.0$octo_i"; command ${name} "$@"; }`).join("\n");
  // Each dies with the lock, so that all others meet a dead owner.
  const once = `(octo_lock ${folder}; mkdir ${folder}/inside && echo had || echo doubled; sleep 0.02; rmdir ${folder}/inside; kill -s KILL "$octo_me")`;
  const said = await run(temp.path, `${slowly}\nfor octo_i in 1 2 3 4 5; do (for octo_j in 1 2 3 4 5; do ${once}; done) & done; wait`);
  expect(said.filter((line) => line !== "had")).toEqual([]);
  expect(said).toHaveLength(25);
});

test("a lock ends with its command, and a subshell's with the subshell", async () => {
  await using temp = await tempFolder("octo-lock");
  const [outer, inner] = [join(temp.path, "outer"), join(temp.path, "inner")];
  const said = await run(
    temp.path,
    `octo_make ${quote(outer)}; octo_make ${quote(inner)}; octo_lock ${quote(outer)}; (octo_lock ${quote(inner)}; ls ${quote(inner)}); ls ${quote(inner)} ${quote(outer)}`,
  );
  expect(said).toEqual(["held", `${inner}:`, `${outer}:`, "held"]);
  expect(await readdir(outer)).toEqual([]);
});

test("one of another machine is never taken for that of a dead process, one of before the last boot is", { timeout: 60_000 }, async () => {
  await using temp = await tempFolder("octo-lock");
  await symlink("another,machine boot,pid 1 1", join(temp.path, "held"));
  await expect(run(temp.path, `sleep() { :; }; octo_lock ${quote(temp.path)}`)).rejects.toThrow("fail HOST_BUSY");
  expect(
    await run(temp.path, `ln -sf "$octo_machine boot,before 1 1" ${quote(temp.path)}/held; octo_lock ${quote(temp.path)}; echo had`),
  ).toEqual(["had"]);
});

test("a lock that cannot be made says so, long before others could have held it", async () => {
  await using temp = await tempFolder("octo-lock");
  await expect(run(temp.path, "sleep() { :; }; octo_lock /proc/self")).rejects.toThrow("fail HOST_HOME_READONLY /proc/self/held");
});
