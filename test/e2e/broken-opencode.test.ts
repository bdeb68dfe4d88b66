import { chmod, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { setFakeOptions } from "../helpers/fake-opencode-source";
import { type OctoWorld, octoWorld } from "../helpers/octo-world";
import { ended, instanceIn, submit, untilState } from "./tasks";

// An OpenCode that does not start: the instance ends failed with the reason, the task waits with it, and runs once that is mended.

/** In a world with this program as `opencode`, which exists only after `mend`. */
async function expectToWaitUntil(world: OctoWorld, code: string, told: RegExp, mend: () => Promise<void>): Promise<void> {
  const task = await submit(world, "[[say:at last]]");
  const failed = await instanceIn(world, "failed");
  expect(failed.error).toMatchObject({ code, message: expect.stringMatching(told) });
  await untilState(world, task, "queued");
  const { lines } = await world.client.call("why_task", { taskId: task.id });
  expect(lines).toEqual([expect.stringMatching(told)]);
  expect(lines[0]).toContain(`octo restart ${failed.name}`);
  await mend();
  await world.client.call("restart_instance", { instanceId: failed.id });
  expect(await ended(world, task)).toMatchObject({ text: "at last", attempts: [{ outcome: "succeeded" }] });
}

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
