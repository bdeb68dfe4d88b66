import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { configSchema, defaultConfig } from "../../bridge/config/config";
import { checkConfigText } from "../../bridge/config/faults";
import { configFields, configJsonSchema } from "../../bridge/config/fields";
import { editDistance } from "../../bridge/config/nearest";
import { readConfig } from "../../bridge/config/read-config";
import { withoutSecrets } from "../../bridge/config/redact";
import { tempFolder } from "../helpers/temp-folder";

const told = (text: string): readonly string[] => checkConfigText(text).faults.map(({ line, message }) => `${line}: ${message}`);

describe("a configuration file", () => {
  test.each([
    ["nothing", ""],
    ["comments and trailing commas", '{ // why\n  "tasks": { "keepDays": 30, },\n}'],
    ["a byte order mark", "\uFEFF{}"],
    ["a $schema for editors", '{ "$schema": "./schema.json" }'],
  ])("may hold %s", (_, text) => {
    expect(told(text)).toEqual([]);
    expect(checkConfigText(text).config).toEqual({ ...defaultConfig(), ...(text.includes("$schema") ? { $schema: "./schema.json" } : {}) });
  });

  test("has all its faults told at once, by line, each with the field and its value", () => {
    const text = `{
  "tasks": {
    "keepDays": 99999,
    "strategy": "fast", "model": 5
  },
  "instances": { "slots": [1] },
  "hosts": { "fenceMs": 60000, "partitionGraceMs": 61000 }
}`;
    expect(told(text)).toEqual([
      "3: tasks.keepDays is 99999: expected number to be <=3650",
      '4: tasks.strategy is "fast": expected one of "round-robin"|"least-loaded"|"random"',
      "4: tasks.model is 5: expected string, received number",
      "6: instances.slots is a list: expected number, received array",
      "7: hosts.partitionGraceMs is 61000: must be at least 30000 more than fenceMs",
    ]);
  });

  test.each([
    ["a slip", '{ "tasks": { "attemptMax": 3 } }', "tasks.attemptMax: there is no such field; did you mean tasks.attemptsMax?"],
    ["letters swapped", '{ "tsaks": {} }', "tsaks: there is no such field; did you mean tasks?"],
    ["another case", '{ "tasks": { "keepdays": 3 } }', "tasks.keepdays: there is no such field; did you mean tasks.keepDays?"],
    ["the wrong section", '{ "tasks": { "slots": 3 } }', "tasks.slots: there is no such field; did you mean instances.slots?"],
    ["no section", '{ "keepDays": 3 }', "keepDays: there is no such field; did you mean tasks.keepDays?"],
    ["nothing like it", '{ "tasks": { "xyzzyqwertz": 3 } }', "tasks.xyzzyqwertz: there is no such field"],
    ["a name of JavaScript's own", '{ "__proto__": { "tasks": 1 } }', "__proto__: there is no such field"],
  ])("with an unknown field (%s) names the nearest known one", (_, text, message) => {
    expect(told(text)).toEqual([`1: ${message}`]);
  });

  test.each([
    ["ends too early", '{\n "tasks": {', ["2: close brace expected"]],
    ["has a word that is none", "{ maybe }", undefined],
    ["is a list", "[]", ["1: the file is a list: expected object, received array"]],
    ["is null", "null", ["1: the file is null: expected object, received null"]],
    ["gives a field twice", '{ "panes": {\n "view": "thin",\n "view": "tui" } }', ["3: panes.view is given twice, first in line 2"]],
    ["is nested without end", `{"a":${"[".repeat(400_000)}`, undefined],
  ])("that %s is refused with the line", (_, text, messages) => {
    const faults = told(text);
    if (messages) expect(faults).toEqual(messages);
    else expect(faults.length).toBeGreaterThan(0);
    expect(checkConfigText(text).config).toBeUndefined();
  });

  test("raises CONFIG_INVALID with file and line of every fault", async () => {
    await using folder = await tempFolder();
    const file = join(folder.path, "config.json");
    await writeFile(file, '{\n "tusks": {},\n "panes": { "view": "wide" } }');
    await expect(readConfig(file)).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: `${file}:2: tusks: there is no such field; did you mean tasks?\n${file}:3: panes.view is "wide": expected one of "thin"|"tui"`,
    });
    await expect(readConfig(folder.path)).rejects.toMatchObject({ code: "CONFIG_INVALID", message: expect.stringContaining("EISDIR") });
    await writeFile(file, " ".repeat(1024 * 1024 + 1));
    await expect(readConfig(file)).rejects.toMatchObject({ code: "CONFIG_INVALID", message: expect.stringContaining("1048576") });
  });

  test("of any text is either right or told to be wrong, and never raises", () => {
    const seed = '{ "tasks": { "keepDays": 30, "strategy": "random" }, "opencode": { "env": { "A": "b" } }, // x\n "panes": {} }';
    const cut = fc.tuple(fc.nat(seed.length), fc.nat(20), fc.string({ maxLength: 12 }));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.array(cut, { maxLength: 4 })), (made) => {
        const text =
          typeof made === "string"
            ? made
            : made.reduce((at, [from, length, put]) => at.slice(0, from) + put + at.slice(from + length), seed);
        const { config, faults } = checkConfigText(text);
        expect(config === undefined).toBe(faults.length > 0);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("secrets of the configuration", () => {
  const secret = "sk-planted-4711";

  test("are in no fault, wherever they stand", () => {
    const texts = [
      `{ "opencode": { "env": { "KEY": ["${secret}"] } } }`,
      `{ "opencode": { "env": "${secret}" } }`,
      `{ "opencode": { "env": { "A-B": "${secret}" } } }`,
      `{ "opencode": { "environment": { "KEY": "${secret}" } } }`,
      `{ "opencode": { "env": { "KEY": "${secret}", } `,
    ];
    for (const text of texts) {
      expect(told(text)).not.toEqual([]);
      expect(told(text).join()).not.toContain(secret);
    }
  });

  test("are not shown, but for their names", () => {
    const config = configSchema.parse({ opencode: { env: { OPENAI_API_KEY: secret } } });
    expect(withoutSecrets(config)).toMatchObject({ opencode: { env: { OPENAI_API_KEY: "(secret)" } }, tasks: config.tasks });
  });
});

test("the schema tells every field's meaning, and takes what the reader takes", () => {
  expect(configFields().filter(({ meaning }) => meaning.length < 5)).toEqual([]);
  expect(configFields().filter(({ secret }) => secret)).not.toEqual([]);
  expect(configJsonSchema()).toMatchObject({ additionalProperties: false, properties: { tasks: { additionalProperties: false } } });
});

test.each([
  ["abc", "abc", 0],
  ["abc", "acb", 1],
  ["abc", "ab", 1],
  ["", "abc", 3],
  ["kitten", "sitting", 3],
])("%s is as far from %s as it takes to mend it", (left, right, distance) => {
  expect(editDistance(left, right)).toBe(distance);
  expect(editDistance(right, left)).toBe(distance);
});
