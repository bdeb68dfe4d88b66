import { expect, test } from "vitest";
import { oneLookForAll } from "../../../bridge/adapters/process/one-look-for-all";

/** A look that ends when it is told to; counts how many have begun. */
function looks() {
  const ends: ((result: number | Error) => void)[] = [];
  const ask = oneLookForAll(
    () =>
      new Promise<number>((resolve, reject) => {
        ends.push((result) => (typeof result === "number" ? resolve(result) : reject(result)));
      }),
  );
  return { ask, ends };
}

test("who asks while a look is under way gets one that began after the question, with all others who do", async () => {
  const { ask, ends } = looks();
  const first = ask();
  const later = [ask(), ask(), ask()];
  expect(ends).toHaveLength(1);
  ends[0]?.(1);
  expect(await first).toBe(1);
  await expect.poll(() => ends.length).toBe(2);
  const last = ask();
  ends[1]?.(2);
  expect(await Promise.all(later)).toEqual([2, 2, 2]);
  await expect.poll(() => ends.length).toBe(3);
  ends[2]?.(3);
  expect(await last).toBe(3);
});

test("a look that fails fails for those who waited for it alone", async () => {
  const { ask, ends } = looks();
  const first = ask();
  const later = ask();
  ends[0]?.(new Error("not readable"));
  await expect(first).rejects.toThrow("not readable");
  await expect.poll(() => ends.length).toBe(2);
  ends[1]?.(2);
  expect(await later).toBe(2);
});
