import { expect, test } from "vitest";
import { Claims } from "../../bridge/runtime/panes/claims";

test("a subject is granted once, and forgotten once too many others came", () => {
  const claims = new Claims(2);
  expect([claims.take("a"), claims.take("a"), claims.take("b"), claims.take("a")]).toEqual([true, false, true, false]);
  expect([claims.take("c"), claims.take("b"), claims.take("a")]).toEqual([true, false, true]);
});
