import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { builtOcto } from "../cli/octo";
import { realOpenCode } from "../helpers/real-opencode-source";
import type { TempFolder } from "../helpers/temp-folder";
import { hasTmux } from "../helpers/tmux";
import { guiWorld } from "../plugin/gui-world";
import { lua } from "../plugin/wezterm";
import { boardSurface, cliSurface, paletteSurface, paneSurface } from "./ask-surfaces";
import { expectAllAnswered } from "./asks-promises";

let built: TempFolder;
beforeAll(async () => {
  built = await builtOcto();
});
afterAll(() => built[Symbol.asyncDispose]());

describe.skipIf(lua === undefined || !(await hasTmux()))("what agents ask, on the real OpenCode", () => {
  test("is answered from every surface, also after the bridge was killed in between", { timeout: 900_000 }, async () => {
    await using guis = await guiWorld({ openCode: realOpenCode, config: { instances: { slots: 6 } } });
    const { instances } = await guis.world.client.call("spawn_opencode_server", { count: 2 });
    expect(instances).toHaveLength(2);
    const surfaces = [cliSurface(built.path), paneSurface, boardSurface(built.path), paletteSurface];
    for (const [round, surface] of surfaces.entries()) {
      const startedAtMs = Date.now();
      await expectAllAnswered(guis, surface, round);
      console.log(`12 tasks, 4 asks answered from ${surface.name}: ${((Date.now() - startedAtMs) / 1_000).toFixed(1)} s`);
    }
  });
});
