import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ownerOf } from "../../../bridge/adapters/ssh/owner";
import { tempFolder } from "../../helpers/temp-folder";

test("a bridge is called the same on its hosts when its machine's name changes with the network", async () => {
  await using temp = await tempFolder();
  const owner = await ownerOf(temp.path, "laptop.home");
  expect(owner).toMatch(/^laptop-[0-9a-f]{8}$/);
  expect(await ownerOf(temp.path, "dhcp-17.office.example")).toBe(owner);
});

test("two bridges are never called the same, and what stands in the file is believed only as a name", async () => {
  await using temp = await tempFolder();
  const other = join(temp.path, "other");
  await mkdir(other);
  const owner = await ownerOf(temp.path, "laptop.home");
  expect(await ownerOf(other, "laptop.home")).not.toBe(owner);
  await writeFile(join(temp.path, "owner"), "../../elsewhere\n");
  expect(await ownerOf(temp.path, "laptop.home")).toBe(owner);
});

test("a bridge has a name also where nothing can be written", async () => {
  await using temp = await tempFolder();
  expect(await ownerOf(join(temp.path, "missing"), "laptop.home")).toMatch(/^laptop-[0-9a-f]{8}$/);
});
