import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { tempFolder } from "../helpers/temp-folder";
import { typeFaults } from "./promises";
import { root } from "./sources";

const floating = ['rm("a");', 'rm("b").then(() => 1);', 'rm("c").finally(() => 1);', 'kept === undefined ? rm("d") : undefined;'];
const handled = [
  'await rm("e");',
  'void rm("f");',
  'kept ??= rm("g");',
  'rm("h").catch(() => 1);',
  'rm("i").then(() => 1, () => 2);',
  'rm("j").catch(() => 1).finally(() => 2);',
];

test("the type check sees promises that nobody waits for, also those of Node's own modules", { timeout: 60_000 }, async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "planted.ts");
  const head = 'import { rm } from "node:fs/promises"; export async function planted(kept?: Promise<void>): Promise<void> {';
  await writeFile(path, [head, ...floating, ...handled, "return kept; }", ""].join("\n"));
  const options = { strict: true, noEmit: true, skipLibCheck: true, types: ["node"], typeRoots: [join(root, "node_modules/@types")] };
  const program = ts.createProgram([path], { ...options, target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext });
  const lines = typeFaults(program).map((fault) => /:(\d+):\d+ nobody waits/.exec(fault)?.[1] ?? fault);
  expect(lines).toEqual(floating.map((_, index) => String(index + 2)));
});
