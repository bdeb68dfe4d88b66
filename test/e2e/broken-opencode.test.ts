import { chmod, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "vitest";
import { setFakeOptions } from "../helpers/fake-opencode-source";
import { octoWorld } from "../helpers/octo-world";
import { expectToWaitUntil } from "./broken-opencode-promise";

// An OpenCode that does not start: the instance ends failed with the reason, the task waits with it, and runs once that is mended.

test("an opencode that is missing", async () => {
  await using world = await octoWorld({ start: false });
  const program = join(world.folder, "bin/opencode");
  await world.configure({ opencode: { command: [program] } });
  await world.startBridge();
  await expectToWaitUntil(world, "OPENCODE_MISSING", /bin\/opencode/, async () => {
    await writeFile(program, `#!/bin/sh\nexec ${world.openCode.command.map((word) => `'${word}'`).join(" ")} "$@"\n`);
    await chmod(program, 0o755);
  });
});

test.for([
  ["is too old", "OPENCODE_TOO_OLD", { version: "1.17.9" }, /1\.17\.9.*1\.18\.0/],
  ["is too new", "OPENCODE_TOO_NEW", { version: "2.0.4" }, /2\.0\.4.*2\.0\.0/],
  ["exits at once", "INSTANCE_CRASH_LOOP", { failStart: { code: 7, stderr: "no such\nluck today" } }, /code 7[\s\S]*no such\nluck today/],
  [
    "has a broken global configuration",
    "OPENCODE_CONFIG_BROKEN",
    { failStart: { code: 1, stderr: "Error: Config file at /home/ada/.config/opencode/opencode.json is not valid JSON(C)" } },
    /ada\/\.config\/opencode\/opencode\.json/,
  ],
] as const)("an opencode that %s", async ([, code, options, told]) => {
  await using world = await octoWorld({ start: false, config: { instances: { restartsMax: 1 } } });
  await setFakeOptions(world.folder, options);
  await world.startBridge();
  await expectToWaitUntil(world, code, told, () => rm(join(world.folder, "fake-opencode.json")));
});
