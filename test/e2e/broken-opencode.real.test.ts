import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "vitest";
import { octoWorld } from "../helpers/octo-world";
import { realOpenCode } from "../helpers/real-opencode-source";
import { expectToWaitUntil } from "./broken-opencode-promise";

test("the real OpenCode with a broken global configuration", { timeout: 180_000 }, async () => {
  await using world = await octoWorld({ openCode: realOpenCode });
  const folder = join(world.home, ".config/opencode");
  await mkdir(folder, { recursive: true });
  const file = join(folder, "opencode.json");
  await writeFile(file, '{ "apiKey": "secret", ');
  await expectToWaitUntil(world, "OPENCODE_CONFIG_BROKEN", /opencode\/opencode\.json(?![\s\S]*secret)/, () => writeFile(file, "{}"));
});
