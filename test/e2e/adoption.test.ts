import { afterAll, beforeAll } from "vitest";
import { type OctoWorld, octoWorld } from "../helpers/octo-world";
import { adoptionPromises } from "./adoption-promises";

let world: OctoWorld;
beforeAll(async () => {
  world = await octoWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

adoptionPromises(() => world, 60_000);
