import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const plugin = join(import.meta.dirname, "../../plugin");
const read = (file: string): string => readFileSync(join(plugin, file), "utf8");
const readme = read("README.md");

test("README has every command with its key", () => {
  const commands = [...read("commands.ts").matchAll(/command\("(\w+)", (?:"(.)"|undefined)/g)];
  expect(commands.length).toBeGreaterThan(10);
  for (const [, name, key] of commands) expect(readme).toContain(key === undefined ? `| | \`${name}\`` : `| \`${key}\` | \`${name}\` |`);
});

test("README has every option, and no other", () => {
  const options = [...read("options.ts").matchAll(/take(?:<.*>)?\("(\w+)"/g)].map(([, name]) => name);
  expect(options.length).toBeGreaterThan(10);
  const documented = [...readme.slice(readme.indexOf("## Options"), readme.indexOf("## Recipes")).matchAll(/^\| `(\w+)`/gm)].map(
    ([, name]) => name,
  );
  expect(documented.toSorted()).toEqual(options.toSorted());
});
