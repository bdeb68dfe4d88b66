import { CommanderError } from "commander";
import fc from "fast-check";
import { expect } from "vitest";
import { createProgram } from "../../bridge/cli/program";
import { OctoError } from "../../bridge/octo-error";
import { fuzzSeed } from "./seed";

/** Gives that many command lines to `octo`; each is understood or refused, none ends the program. Gives how many were understood. */
export async function fuzzCommandLines(count: number): Promise<number> {
  let understood = 0;
  const { commands } = createProgram("0.0.0");
  const optionsOf = (command: (typeof commands)[number]) => command.options.flatMap(({ long }) => long ?? []);
  const names = commands.flatMap((command) => [command.name(), ...optionsOf(command)]);
  const word = fc.oneof(fc.constantFrom(...names), fc.constantFrom("1", "-1", "--", "tsk_1", "1h", "9".repeat(40)), fc.string());
  // Of a command's own words: nearly right, and so often understood.
  const likely = fc.constantFrom(...commands).chain((command) => {
    const own = fc.constantFrom("tsk_1", "1", "1h", ...optionsOf(command));
    return fc.array(fc.oneof({ weight: 4, arbitrary: own }, word), { maxLength: 4 }).map((words) => [command.name(), ...words]);
  });
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.array(word, { maxLength: 8 }), likely), async (words) => {
      const program = createProgram("0.0.0").configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
      for (const command of [...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) {
        command.configureOutput({ writeOut: () => undefined, writeErr: () => undefined }).action(() => undefined);
      }
      const thrown: unknown = await program.parseAsync(words, { from: "user" }).catch((error: unknown) => error);
      if (thrown === program) understood += 1;
      const isRefusal = thrown === program || thrown instanceof CommanderError || thrown instanceof OctoError;
      expect(isRefusal, String(thrown)).toBe(true);
    }),
    { numRuns: count, seed: fuzzSeed },
  );
  return understood;
}
