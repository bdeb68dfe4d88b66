import { z } from "zod";

// What an answer may hold before it costs too much: zod's own arrays and records collect a fault for each wrong element, which took 4 GB
// and 20 s for 16 MB of `1,` (seen), and ended in a RangeError for 200,000 of them (seen).

const wordCharactersMax = 512;
/** Above any sum of tokens or money; sums of a million of these are still exact enough to be stored. */
const countMax = 1e12;
/** The last instant that a Date can hold. Source: ECMA-262, "Time Values and Time Range". */
const epochMsMax = 8.64e15;

/** An array of these; the first wrong element is its only fault. */
export function listOf<Item>(item: z.ZodType<Item>) {
  return z.unknown().transform((value, context): readonly Item[] => {
    if (!Array.isArray(value)) return refuse(context, [], "expected an array");
    const items: Item[] = [];
    for (const [index, each] of value.entries()) {
      const parsed = item.safeParse(each);
      if (!parsed.success) return refuse(context, [index], parsed.error);
      items.push(parsed.data);
    }
    return items;
  });
}

/** An object with any names and these values; the first wrong value is its only fault. */
export function mapOf<Value>(value: z.ZodType<Value>) {
  return z.unknown().transform((given, context): ReadonlyMap<string, Value> => {
    if (typeof given !== "object" || given === null || Array.isArray(given)) return refuse(context, [], "expected an object");
    const values = new Map<string, Value>();
    for (const [name, each] of Object.entries(given)) {
      const parsed = value.safeParse(each);
      if (!parsed.success) return refuse(context, [name], parsed.error);
      values.set(name, parsed.data);
    }
    return values;
  });
}

function refuse(context: z.RefinementCtx, path: readonly (string | number)[], why: string | z.ZodError): never {
  const first = typeof why === "string" ? undefined : why.issues[0];
  const message = typeof why === "string" ? why : (first?.message ?? "");
  context.addIssue({ code: "custom", message, path: [...path, ...(first?.path ?? [])] });
  return z.NEVER;
}

/** An id of OpenCode's making, like `ses_…`: it becomes part of a path, where half a surrogate pair cannot be written at all. */
export const idSchema = z.string().regex(/^[\w-]{1,512}$/);

/** A name from a list that OpenCode or its user may lengthen: a tool, a state, a provider. */
export const wordSchema = z.string().max(wordCharactersMax);

/** Tokens, money, numbers of tries: none is below 0, and no sum of them becomes infinite, which the store could not keep. */
export const countSchema = z.number().transform((count) => Math.min(Math.max(count, 0), countMax));

export const epochMsSchema = z.number().transform((epochMs) => Math.min(Math.max(epochMs, 0), epochMsMax));

/** The text, cut after so many UTF-16 units. */
export function textUpTo(charactersMax: number) {
  return z.string().transform((text) => cutText(text, charactersMax));
}

/** The last so many UTF-16 units of the text: of an answer the end counts. */
export function endOfText(charactersMax: number) {
  return z.string().transform((text) => (text.length <= charactersMax ? text : copied(text.slice(-charactersMax))));
}

export function cutText(text: string, charactersMax: number): string {
  return text.length <= charactersMax ? text : `${copied(text.slice(0, charactersMax - 1)).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/** A slice holds on to the whole text, of megabytes perhaps; a copy does not. */
function copied(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}
