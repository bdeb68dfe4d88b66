import { cutText } from "./bounded-schemas";

const depthMax = 12;
const valuesMax = 10_000;
const textCharactersMax = 64 * 1024;

/**
 * A JSON value as it can be shown: what is nested deeper, or comes after so many values, is left out and says so. `JSON.stringify` with
 * indentation ends in a RangeError for 10,000 levels, and makes gigabytes of 1,000 levels around a long list.
 */
export function pruned(value: unknown): unknown {
  let left = valuesMax;
  const walk = (node: unknown, depth: number): unknown => {
    left -= 1;
    if (typeof node === "string") return cutText(node, textCharactersMax);
    if (typeof node !== "object" || node === null) return node;
    if (depth >= depthMax) return "… (nested too deep to be shown)";
    if (Array.isArray(node)) {
      const items = firstOf(node, (item) => walk(item, depth + 1));
      return items.length === node.length ? items : [...items, `… ${node.length - items.length} more`];
    }
    const entries = Object.entries(node);
    const fields = firstOf(entries, ([name, field]) => [cutText(name, 200), walk(field, depth + 1)] as const);
    return Object.fromEntries(fields.length === entries.length ? fields : [...fields, ["…", `${entries.length - fields.length} more`]]);
  };
  const firstOf = <Item, Shown>(items: readonly Item[], show: (item: Item) => Shown): readonly Shown[] => {
    const shown: Shown[] = [];
    for (const item of items) {
      if (left <= 0) break;
      shown.push(show(item));
    }
    return shown;
  };
  return walk(value, 0);
}
