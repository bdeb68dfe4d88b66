import fc from "fast-check";
import { expect, test } from "vitest";
import { SortedMap } from "../../bridge/core/sorted-map";

const steps = fc.array(fc.record({ key: fc.integer({ min: 0, max: 60 }), put: fc.boolean() }), { maxLength: 200 });

test("holds what a map holds, in order of keys, whatever is put in and taken out; earlier ones stay what they were", () => {
  fc.assert(
    fc.property(steps, (sequence) => {
      const model = new Map<number, number>();
      let map = SortedMap.empty<number, number>((a, b) => a - b);
      const past: (() => void)[] = [];
      for (const [index, { key, put }] of sequence.entries()) {
        map = put ? map.with(key, index) : map.without(key);
        if (put) model.set(key, index);
        else model.delete(key);
        const expected = [...model].sort(([a], [b]) => a - b);
        const now = map;
        past.push(() => {
          expect(now.entries()).toEqual(expected);
          expect(now.size).toBe(expected.length);
          expect(now.first()).toEqual(expected[0]);
        });
        expect(map.get(key)).toBe(model.get(key));
        expect(map.has(key)).toBe(model.has(key));
      }
      for (const check of past) check();
    }),
  );
});

test("finds a key in few steps, also when the keys came in order", () => {
  let compared = 0;
  let map = SortedMap.empty<number, number>((a, b) => {
    compared += 1;
    return a - b;
  });
  for (let key = 0; key < 10_000; key += 1) map = map.with(key, key);
  for (let key = 0; key < 10_000; key += 2) map = map.without(key);
  compared = 0;
  for (let key = 0; key < 10_000; key += 1) map.get(key);
  expect(compared / 10_000).toBeLessThan(20);
});
