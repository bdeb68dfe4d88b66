import { afterAll, beforeAll } from "vitest";
import { type OctoWorld, octoWorld } from "../helpers/octo-world";
import { oneTurnPromises } from "./one-turn-promises";
import { spawned } from "./tasks";

let world: OctoWorld;
beforeAll(async () => {
  world = await octoWorld({ proxied: true });
  await spawned(world);
});
afterAll(() => world[Symbol.asyncDispose]());

oneTurnPromises(() => world);
