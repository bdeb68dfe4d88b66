import fc from "fast-check";

// Changes to the structure of a JSON text: fields dropped, renamed, of another type, huge, deep, many.

export interface JsonEdit {
  /** Which node, counted from the root. */
  readonly at: number;
  readonly how: "drop" | "replace" | "rename" | "repeat";
  /** For `replace`: a value, or the name of a piece. */
  readonly value: unknown;
  readonly piece?: keyof typeof pieces | undefined;
}

const mark = "\u0001piece:";

/** What `JSON.stringify` would not write, or not from values that are cheap to make; each is made once. */
const pieces = {
  infinite: () => "1e999",
  largest: () => "1.7e308",
  negative: () => "-1",
  negativeLargest: () => "-1.7e308",
  surrogate: () => '"\\ud800"',
  controls: () => '"\\u0000\\u001b[2J\\u009b"',
  prototype: () => '{"__proto__":{"polluted":true},"constructor":1}',
  twice: () => '{"id":1,"id":"x","type":"busy","type":"retry"}',
  deep: () => `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
  deepObject: () => `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`,
  deepWide: () => `${"[".repeat(2_000)}${"1,".repeat(10_000)}1${"]".repeat(2_000)}`,
  long: () => JSON.stringify("x".repeat(1_000_000)),
  manyNumbers: () => `[${"1,".repeat(1_000_000)}1]`,
  manyObjects: () => `[${"{},".repeat(300_000)}{}]`,
  manyFields: () => `{${Array.from({ length: 100_000 }, (_, index) => `"f${index}":1`).join()}}`,
  enormous: () => JSON.stringify("y".repeat(17 * 1024 * 1024)),
} as const;
const made = new Map<string, string>();

const cheap = ["infinite", "largest", "negative", "negativeLargest", "surrogate", "controls", "prototype", "twice"] as const;
const costly = ["deep", "deepObject", "deepWide", "long", "manyNumbers", "manyObjects", "manyFields", "enormous"] as const;

const at = fc.nat(100_000);
const plainEdit: fc.Arbitrary<JsonEdit> = fc.record({
  at,
  how: fc.constantFrom("drop", "replace", "rename", "repeat"),
  value: fc.oneof(fc.constantFrom(null, true, 0, -1, 0.5, "", "x", [], {}, [null], [{}]), fc.jsonValue({ maxDepth: 2 })),
});
const pieceEdit = (names: fc.Arbitrary<keyof typeof pieces>): fc.Arbitrary<JsonEdit> =>
  fc.record({ at, how: fc.constant("replace"), value: fc.constant(null), piece: names });

export const jsonEdit: fc.Arbitrary<JsonEdit> = fc.oneof(
  { arbitrary: plainEdit, weight: 70 },
  { arbitrary: pieceEdit(fc.constantFrom(...cheap)), weight: 27 },
  { arbitrary: pieceEdit(fc.constantFrom(...costly)), weight: 3 },
);

/** The text with the edits made to it, one after the other; a text that is no JSON stays as it is. */
export function editJson(text: string, edits: readonly JsonEdit[]): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  for (const edit of edits) value = edited(value, edit);
  const written = JSON.stringify(value) ?? "";
  return written.replace(new RegExp(`"${JSON.stringify(mark).slice(1, -1).replace("\\", "\\\\")}([A-Za-z]+)"`, "g"), (_, name: string) =>
    piece(name),
  );
}

function piece(name: string): string {
  const known = made.get(name);
  if (known !== undefined) return known;
  const text = Object.entries(pieces).find(([each]) => each === name)?.[1]() ?? "null";
  made.set(name, text);
  return text;
}

function edited(root: unknown, { at: place, how, value, piece: name }: JsonEdit): unknown {
  const given = how === "replace" ? (name === undefined ? value : `${mark}${name}`) : undefined;
  let left = place % nodes(root);
  const walk = (node: unknown): readonly unknown[] => {
    if (left === 0) {
      left -= 1;
      if (how === "drop" || how === "rename") return [];
      return how === "repeat" ? [node, node] : [given];
    }
    left -= 1;
    if (Array.isArray(node)) return [node.flatMap(walk)];
    if (typeof node !== "object" || node === null) return [node];
    const fields = Object.entries(node).flatMap(([key, field]) => {
      const isHere = left === 0;
      const [kept, again] = walk(field);
      if (isHere && how === "rename") return [[`${key}_`, field]];
      if (isHere && how === "repeat") return [[key, [kept, again]]];
      return isHere && how === "drop" ? [] : [[key, kept]];
    });
    return [Object.fromEntries(fields)];
  };
  return walk(root)[0];
}

function nodes(node: unknown): number {
  if (typeof node !== "object" || node === null) return 1;
  return Object.values(node).reduce((sum: number, each) => sum + nodes(each), 1);
}
