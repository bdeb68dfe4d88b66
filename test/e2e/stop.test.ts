import { readFile, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { eventually } from "../helpers/eventually";
import { octoWorld } from "../helpers/octo-world";
import { stopPromises } from "./stop-promises";
import { ended, instanceIn, spawned, submit, until, waitsFor } from "./tasks";

stopPromises(() => octoWorld());

test("down without --all leaves servers and their turns alone, and the next bridge finds them", async () => {
  await using world = await octoWorld();
  const server = await spawned(world);
  const file = `${world.folder}/go`;
  const task = await submit(world, `${waitsFor(file)} [[say:done]]`);
  await until(world, task, ({ detail }) => expect(detail).toBe("works"));
  expect(await world.client.call("shut_down", { all: false })).toEqual({ stoppedInstances: 0 });
  expect(await world.bridge().ended).toBe(0);
  await writeFile(file, "");
  await world.startBridge();
  expect((await ended(world, task)).attempts).toHaveLength(1);
  expect(await instanceIn(world, "ready")).toMatchObject({ pid: server.pid });
});

test("down --all keeps the tasks, and up starts the servers again and goes on with them", async () => {
  await using world = await octoWorld();
  const file = `${world.folder}/go`;
  const task = await submit(world, `[[bash:echo begun > ${file}.begun]] ${waitsFor(file)} [[say:done]]`);
  await eventually(() => readFile(`${file}.begun`));
  expect(await world.client.call("shut_down", { all: true })).toEqual({ stoppedInstances: 1 });
  expect(await world.bridge().ended).toBe(0);
  await writeFile(file, "");
  await world.startBridge();
  expect((await ended(world, task)).text).toBe("done");
});
