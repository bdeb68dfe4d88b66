import { expect, test } from "vitest";
import { tellSeed } from "../seed";
import { fuzzStreams } from "./fuzz-streams";

test("a few hundred changed event streams of OpenCode are followed or left, and told as the port says", async () => {
  tellSeed();
  const { news, losses } = await fuzzStreams(300, 10);
  // Were none followed, or none broken, nothing would have been tested.
  expect(news).toBeGreaterThan(100);
  expect(losses).toBeGreaterThan(10);
});
