import { afterAll, beforeAll } from "vitest";
import { type OctoWorld, octoWorld } from "../helpers/octo-world";
import { realOpenCode } from "../helpers/real-opencode-source";
import { resultsPromises } from "./results-promises";

let world: OctoWorld;
beforeAll(async () => {
  world = await octoWorld({ openCode: realOpenCode });
});
afterAll(() => world[Symbol.asyncDispose]());

resultsPromises(() => world, 240_000);
