import type { z } from "zod";
import { OctoError } from "../octo-error";

/** A document of the store. One that does not fit is a fault worth stopping for: STORE_CORRUPT. */
export function parseDocument<Document>(schema: z.ZodType<Document>, what: string, json: string): Document {
  const parsed = schema.safeParse(JSON.parse(json));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new OctoError("STORE_CORRUPT", `a stored ${what} does not fit: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
}
