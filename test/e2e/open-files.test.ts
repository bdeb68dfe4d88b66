import { afterAll, beforeAll, expect, test } from "vitest";
import { OctoError } from "../../bridge/octo-error";
import { bareConnection } from "../api/socket-client";
import { eventually } from "../helpers/eventually";
import { type OctoWorld, octoWorld } from "../helpers/octo-world";
import { ended, spawned, submit } from "./tasks";

// The built bridge with fewer files than it is configured for: 192 are one instance less than three, and 32 connections.

let world: OctoWorld;
beforeAll(async () => {
  world = await octoWorld({ openFilesMax: 192 });
});
afterAll(() => world[Symbol.asyncDispose]());

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => "done",
    (thrown: unknown) => (thrown instanceof OctoError ? thrown.code : String(thrown)),
  );

test("instances that its open files would not do for are refused with a code, and those that are there work", async () => {
  await spawned(world);
  await expect(world.client.call("spawn_opencode_server", { count: 2 })).rejects.toMatchObject({
    code: "OPEN_FILES_LIMIT",
    message: expect.stringContaining("192"),
  });
  await ended(world, await submit(world, "[[say:one]]"));
});

test("connections that its open files would not do for are refused with a code, and tasks go on", async () => {
  const held = await Promise.all(Array.from({ length: 32 }, () => bareConnection(world.client.socketPath)));
  expect(await codeOf(world.client.hello())).toBe("CONNECTION_LIMIT");
  held[0]?.socket.destroy();
  await eventually(async () => expect(await codeOf(world.client.hello())).toBe("done"));
  const task = await submit(world, "[[bash:true]] [[say:two]]");
  await ended(world, task);
  for (const { socket } of held) socket.destroy();
});
