import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeDurably } from "../../bridge/write-durably";
import { tempFolder } from "../helpers/temp-folder";

test("a file is written whole and private, whatever a killed writer left", async () => {
  await using temp = await tempFolder();
  const file = join(temp.path, "book");
  await writeFile(`${file}.new`, "half", { mode: 0o644 });
  await writeDurably(file, "first");
  await writeDurably(file, Buffer.from("second"));
  expect(await readFile(file, "utf8")).toBe("second");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(temp.path)).toEqual(["book"]);
});

test("one that cannot be written stays what it was, and nothing is left beside it", async () => {
  await using temp = await tempFolder();
  await mkdir(join(temp.path, "book", "inside"), { recursive: true });
  await expect(writeDurably(join(temp.path, "book"), "text")).rejects.toThrow();
  expect(await readdir(temp.path)).toEqual(["book"]);
  await expect(writeDurably(join(temp.path, "missing", "book"), "text")).rejects.toThrow("ENOENT");
});
