import fc from "fast-check";
import { expect, it } from "vitest";
import { firstOf } from "../../bridge/runtime/first-of";

const byAge = (a: { readonly age: number }, b: { readonly age: number }): number => a.age - b.age;

it("gives what sorting and cutting would give, equal ones in the order they came", () => {
  const ages = fc.array(fc.record({ age: fc.integer({ min: 0, max: 9 }) }), { maxLength: 60 });
  fc.assert(
    fc.property(ages, fc.integer({ min: 0, max: 70 }), (values, count) => {
      const first = firstOf(values, count, byAge);
      const expected = values.toSorted(byAge).slice(0, count);
      expect(first.length).toBe(expected.length);
      for (const [index, value] of first.entries()) expect(value).toBe(expected[index]);
    }),
  );
});
