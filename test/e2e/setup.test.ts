import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OctoWorld, octoWorld } from "../helpers/octo-world";
import { ended, submit } from "./tasks";

// The configuration's projects on a real bridge.

let world: OctoWorld;
beforeAll(async () => {
  world = await octoWorld({ start: false, environment: { FROM_LOGIN: "yes" } });
  await writeFile(join(world.repository, ".git/info/exclude"), ".env\nnode_modules\n");
  await writeFile(join(world.repository, ".env"), "KEY=secret\n");
  const setup = "grep -q secret .env && mkdir -p node_modules && echo $FROM_LOGIN$MODEL_KEY > node_modules/here";
  await world.configure({
    // The models' keys are none of the setup's business.
    opencode: { env: { ...world.openCode.environment, MODEL_KEY: "secret" } },
    projects: { [`${world.folder}/repo*`]: { setup, copyFiles: [".env"] } },
  });
  await world.startBridge();
});
afterAll(() => world[Symbol.asyncDispose]());

test("a task finds its worktree set up, with the ignored files that it needs, and commits none of it", async () => {
  const end = await ended(world, await submit(world, "[[bash:cat .env node_modules/here > seen.txt]] [[say:done]]"));
  expect(end.branch?.files).toEqual(["seen.txt"]);
  expect(await world.git("show", `${end.branch?.branch}:seen.txt`)).toBe("KEY=secret\nyes");
});

test("a task whose setup fails has failed with the last lines of it, and a retry after mending runs", async () => {
  await world.configure({ projects: { [world.repository]: { setup: "echo no such package; exit 3" } } });
  await world.startBridge();
  const failed = await ended(world, await submit(world, "[[say:never]]"), "failed");
  expect(failed.error).toMatchObject({ code: "WORKSPACE_SETUP_FAILED", message: expect.stringContaining("no such package") });
  await world.configure({ projects: { [world.repository]: { setup: ["true"] } } });
  await world.startBridge();
  await world.client.call("retry_task", { taskId: failed.id });
  expect((await ended(world, failed)).text).toBe("never");
});
