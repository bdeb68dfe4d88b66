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

test("two who start the first instance at once get one, and two who spawn get two with names of their own", async () => {
  await using world = await octoWorld();
  const tasks = await Promise.all([submit(world, "[[say:one]]"), submit(world, "[[say:two]]")]);
  const [before] = [await world.client.call("list_opencode_servers", {})];
  expect(before.instances.map(({ name }) => name)).toEqual(["oc1"]);
  await Promise.all([world.client.call("spawn_opencode_server", {}), world.client.call("spawn_opencode_server", {})]);
  const after = await world.client.call("list_opencode_servers", {});
  expect(after.instances.map(({ name }) => name)).toEqual(["oc1", "oc2", "oc3"]);
  for (const task of tasks) await ended(world, task);
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
