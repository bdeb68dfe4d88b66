import { expect, test } from "vitest";
import { fuzzCommandLines } from "./command-lines";
import { fuzzConfigurations } from "./configurations";
import { fuzzEvents } from "./events";
import { tellSeed } from "./seed";

tellSeed();

// Were all of them refused, nothing would have been tested.

test("200 configurations are read or refused with CONFIG_INVALID", async () => {
  expect(await fuzzConfigurations(200)).toBeGreaterThan(200 / 100);
});

test("200 command lines are understood or refused, none ends the program", async () => {
  expect(await fuzzCommandLines(200)).toBeGreaterThan(200 / 100);
});

test("1,000 mutated events of real streams are followed or left out, cut into chunks anywhere", () => {
  expect(fuzzEvents(1_000)).toBeGreaterThan(1_000 / 10);
});
