/** A JSON object; lists are tables too. */
export function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return type(value) === "table";
}

/** Undefined where the field is not text. */
export function textAt(from: unknown, field: string): string | undefined {
  const value = isTable(from) ? from[field] : undefined;
  return typeof value === "string" ? value : undefined;
}

/** 0 where the field is no number. */
export function numberAt(from: unknown, field: string): number {
  const value = isTable(from) ? from[field] : undefined;
  return typeof value === "number" ? value : 0;
}

/** The items of a list that are objects. */
export function tablesAt(from: unknown, field: string): readonly Readonly<Record<string, unknown>>[] {
  const value = isTable(from) ? from[field] : undefined;
  if (!Array.isArray(value)) return [];
  const items: Readonly<Record<string, unknown>>[] = [];
  for (const item of value) if (isTable(item)) items.push(item);
  return items;
}

export function tableAt(from: unknown, field: string): Readonly<Record<string, unknown>> | undefined {
  const value = isTable(from) ? from[field] : undefined;
  return isTable(value) ? value : undefined;
}

/** The items of a list that are text. */
export function textsAt(from: unknown, field: string): readonly string[] {
  const value = isTable(from) ? from[field] : undefined;
  if (!Array.isArray(value)) return [];
  const items: string[] = [];
  for (const item of value) if (typeof item === "string") items.push(item);
  return items;
}
