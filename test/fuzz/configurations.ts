import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect } from "vitest";
import { defaultConfig } from "../../bridge/config/config";
import { readConfig } from "../../bridge/config/read-config";
import { tempFolder } from "../helpers/temp-folder";
import { mutated } from "./mutated";
import { fuzzSeed } from "./seed";

/** Reads that many configurations, nearly right and quite wrong; each is taken or refused with CONFIG_INVALID. Gives how many were taken. */
export async function fuzzConfigurations(count: number): Promise<number> {
  let taken = 0;
  await using folder = await tempFolder();
  const file = join(folder.path, "config.json");
  const text = mutated(fc.constant(JSON.stringify(defaultConfig(), undefined, 1)));
  await fc.assert(
    fc.asyncProperty(fc.oneof(text, fc.json(), fc.string()), async (given) => {
      await writeFile(file, given);
      const thrown = await readConfig(file).catch((error: unknown) => error);
      if (thrown instanceof Error) expect(thrown).toMatchObject({ code: "CONFIG_INVALID" });
      else taken += 1;
    }),
    { numRuns: count, seed: fuzzSeed },
  );
  return taken;
}
