import { CommanderError } from "commander";
import fc from "fast-check";
import { expect } from "vitest";
import { createProgram } from "../../bridge/cli/program";
import { OctoError } from "../../bridge/octo-error";
import { fuzzSeed } from "./seed";

/** Gives that many command lines to `octo`; each is understood or refused, none ends the program. Gives how many were understood. */
export async function fuzzCommandLines(count: number): Promise<number> {
  let understood = 0;
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
      if (thrown === program) understood += 1;
      const isRefusal = thrown === program || thrown instanceof CommanderError || thrown instanceof OctoError;
      expect(isRefusal, String(thrown)).toBe(true);
    }),
    { numRuns: count, seed: fuzzSeed },
  );
  return understood;
}
