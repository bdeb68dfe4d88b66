import { expect, test } from "vitest";
import { tellSeed } from "../seed";
import { fuzzAnswers } from "./fuzz-answers";

test("a few hundred changed answers of OpenCode are taken or refused with a code, in time", async () => {
  tellSeed();
  const { taken, refused } = await fuzzAnswers(300, 10);
  // Were all refused, or all taken, nothing would have been tested.
  expect(taken).toBeGreaterThan(20);
  expect(refused).toBeGreaterThan(20);
});
