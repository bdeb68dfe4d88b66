import { afterAll, beforeAll } from "vitest";
import { type OctoWorld, octoWorld } from "../helpers/octo-world";
import { resultsPromises } from "./results-promises";

let world: OctoWorld;
beforeAll(async () => {
  world = await octoWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

resultsPromises(() => world, 60_000);
