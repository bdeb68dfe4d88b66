import fc from "fast-check";

/** A text with a few pieces taken out, doubled or replaced. */
export function mutated(of: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const change = fc.tuple(
    fc.nat(),
    fc.nat(40),
    fc.oneof(fc.constant(""), fc.string(), fc.constantFrom("null", "{}", "[]", '"', "-1", "1e999")),
  );
  return fc.tuple(of, fc.array(change, { maxLength: 4 })).map(([text, changes]) =>
    changes.reduce((whole, [place, length, piece]) => {
      const at = place % (whole.length + 1);
      return whole.slice(0, at) + piece + whole.slice(at + length);
    }, text),
  );
}
