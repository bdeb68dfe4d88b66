import { z } from "zod";
import { configSchema } from "./config";

/** A field as `octo config schema` and README tell it. */
export interface ConfigField {
  readonly path: readonly string[];
  readonly meaning: string;
  /** Undefined: there is none. */
  readonly defaultValue: unknown;
  /** Its value may hold a key or a password, and is never shown. */
  readonly secret: boolean;
}

const fieldSchema = z.looseObject({
  description: z.string().default(""),
  default: z.unknown().optional(),
  writeOnly: z.boolean().default(false),
});
const sectionSchema = z.looseObject({ properties: z.record(z.string(), z.unknown()), additionalProperties: z.literal(false) });

/** The configuration file as JSON Schema (draft 2020-12), for editors and for `octo config schema`. */
export function configJsonSchema(): Readonly<Record<string, unknown>> {
  return { title: "Configuration of octo", ...z.toJSONSchema(configSchema, { io: "input" }) };
}

let known: readonly ConfigField[] | undefined;

/** Every field of the file, in its order. */
export function configFields(): readonly ConfigField[] {
  known ??= fieldsOf(configJsonSchema(), []);
  return known;
}

function fieldsOf(schema: unknown, path: readonly string[]): readonly ConfigField[] {
  const section = sectionSchema.safeParse(schema);
  if (section.success) return Object.entries(section.data.properties).flatMap(([name, field]) => fieldsOf(field, [...path, name]));
  const { description, default: defaultValue, writeOnly } = fieldSchema.parse(schema);
  return [{ path, meaning: description, defaultValue, secret: writeOnly }];
}

/** What a configuration says for a field; undefined where nothing is said. */
export function valueAt(config: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, name) => (typeof at === "object" && at !== null ? new Map(Object.entries(at)).get(name) : undefined),
    config,
  );
}
