import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CommanderError } from "commander";
import fc from "fast-check";
import { expect, test } from "vitest";
import { EventFrames } from "../../bridge/adapters/opencode/event-frames";
import { parseServerEvent } from "../../bridge/adapters/opencode/server-event";
import { SessionFold } from "../../bridge/adapters/opencode/session-fold";
import { createProgram } from "../../bridge/cli/program";
import { defaultConfig } from "../../bridge/config/config";
import { readConfig } from "../../bridge/config/read-config";
import { OctoError } from "../../bridge/octo-error";
import { recordedFrames, recordingNames } from "../adapters/opencode/recordings";
import { tempFolder } from "../helpers/temp-folder";
import { fuzzSeed, tellSeed } from "./seed";

tellSeed();

/** A text with a few pieces taken out, doubled or replaced. */
function mutated(of: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const change = fc.tuple(
    fc.nat(),
    fc.nat(40),
    fc.oneof(fc.constant(""), fc.string(), fc.constantFrom("null", "{}", "[]", '"', "-1", "1e999")),
  );
  return fc.tuple(of, fc.array(change, { maxLength: 4 })).map(([text, changes]) =>
    changes.reduce((whole, [place, length, piece]) => {
      const at = place % (whole.length + 1);
      return whole.slice(0, at) + piece + whole.slice(at + length);
    }, text),
  );
}

test("5,000 configurations are read or refused with CONFIG_INVALID", async () => {
  await using folder = await tempFolder();
  const file = join(folder.path, "config.json");
  const text = mutated(fc.constant(JSON.stringify(defaultConfig(), undefined, 1)));
  await fc.assert(
    fc.asyncProperty(fc.oneof(text, fc.json(), fc.string()), async (given) => {
      await writeFile(file, given);
      const thrown = await readConfig(file).catch((error: unknown) => error);
      if (thrown instanceof Error) expect(thrown).toMatchObject({ code: "CONFIG_INVALID" });
    }),
    { numRuns: 5_000, seed: fuzzSeed },
  );
});

test("5,000 command lines are understood or refused, none ends the program", async () => {
  const names = createProgram("0.0.0").commands.flatMap((command) => [
    command.name(),
    ...command.options.flatMap(({ long }) => long ?? []),
  ]);
  const word = fc.oneof(fc.constantFrom(...names), fc.constantFrom("1", "-1", "--", "tsk_1", "1h", "9".repeat(40)), fc.string());
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 8 }), async (words) => {
      const program = createProgram("0.0.0").configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
      for (const command of [...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) {
        command.configureOutput({ writeOut: () => undefined, writeErr: () => undefined }).action(() => undefined);
      }
      const thrown: unknown = await program.parseAsync(words, { from: "user" }).catch((error: unknown) => error);
      const isRefusal = thrown === program || thrown instanceof CommanderError || thrown instanceof OctoError;
      expect(isRefusal, String(thrown)).toBe(true);
    }),
    { numRuns: 5_000, seed: fuzzSeed },
  );
});

test("10,000 mutated events of real streams are followed or left out, cut into chunks anywhere", () => {
  const lines = recordingNames.flatMap((name) => recordedFrames(name));
  let followed = 0;
  const fold = new SessionFold();
  let nowMs = 0;
  fc.assert(
    fc.property(mutated(fc.constantFrom(...lines)), fc.nat(), (line, cut) => {
      const bytes = Buffer.from(`data: ${line}\n\n`);
      const frames = new EventFrames();
      const at = cut % bytes.length;
      nowMs += 1;
      for (const text of [...frames.feed(bytes.subarray(0, at)), ...frames.feed(bytes.subarray(at))]) {
        const event = parseServerEvent(text);
        if (!event) continue;
        followed += 1;
        expect(Array.isArray(fold.apply(event, nowMs))).toBe(true);
      }
    }),
    { numRuns: 10_000, seed: fuzzSeed },
  );
  // Were all left out, nothing would have been tested.
  expect(followed).toBeGreaterThan(1_000);
});
