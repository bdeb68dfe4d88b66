import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findOpenCode } from "../../../bridge/adapters/opencode/launcher-binary";
import { expectLauncherContract } from "./launcher-contract";
import { environmentIn, launcherIn, launcherWorld, ready } from "./launcher-world";

const bootDeadlineMs = 60_000;

test("a real server keeps the launcher's contract", { timeout: 150_000 }, async () => {
  await using world = await launcherWorld();
  const body = { agent: "build", model: { providerID: "p", modelID: "m" }, command: "sleep 3600" };
  await expectLauncherContract(world, { launcher: realLauncher(world.folder), toolRequest: { path: "shell", body } });
});

test("a real server with a broken global configuration is OPENCODE_CONFIG_BROKEN", { timeout: 60_000 }, async () => {
  await using world = await launcherWorld();
  const file = join(world.folder, "config", "opencode", "opencode.json");
  await mkdir(join(file, ".."), { recursive: true });
  const launcher = realLauncher(world.folder);

  await writeFile(file, '{ "model": "secret-value"');
  await expect(ready(launcher, await launcher.launch(await world.request()), bootDeadlineMs)).rejects.toMatchObject({
    code: "OPENCODE_CONFIG_BROKEN",
    message: expect.stringMatching(/^Config file at .*opencode\.json is not valid JSON\(C\): CloseBraceExpected at line/),
  });
  await writeFile(file, '{ "model": ["secret-value"] }');
  await expect(ready(launcher, await launcher.launch(await world.request()), bootDeadlineMs)).rejects.toMatchObject({
    code: "OPENCODE_CONFIG_BROKEN",
    message: expect.stringMatching(/^Configuration is invalid at .*opencode\.json\n↳ Expected string \| undefined at model$/),
  });
});

/** The binary of the npm package, a home of its own, and no network. */
function realLauncher(folder: string) {
  const offline = { npm_config_registry: "http://127.0.0.1:1/", OPENCODE_DISABLE_MODELS_FETCH: "1" };
  const environment = async () => environmentIn(folder, offline);
  return launcherIn(folder, {}, { command: () => findOpenCode({ path: "" }), environment });
}
