import { expect, test } from "vitest";
import { fuzzCommandLines } from "./command-lines";
import { fuzzConfigurations } from "./configurations";
import { fuzzEvents } from "./events";
import { tellSeed } from "./seed";

tellSeed();

// Were all of them refused, nothing would have been tested.

test("10,000 configurations are read or refused with CONFIG_INVALID", async () => {
  expect(await fuzzConfigurations(10_000)).toBeGreaterThan(10_000 / 100);
});

test("10,000 command lines are understood or refused, none ends the program", async () => {
  expect(await fuzzCommandLines(10_000)).toBeGreaterThan(10_000 / 100);
});

test("10,000 mutated events of real streams are followed or left out, cut into chunks anywhere", () => {
  expect(fuzzEvents(10_000)).toBeGreaterThan(10_000 / 10);
});
