import { z } from "zod";

// What the stand-in says to its driver.

const choiceSchema = z.object({ id: z.string(), label: z.string() });
export const overlaySchema = z.object({
  kind: z.enum(["PromptInputLine", "InputSelector"]),
  args: z.object({ description: z.string().optional(), title: z.string().optional(), choices: z.array(choiceSchema).optional() }),
});
const windowSchema = z.object({
  id: z.number(),
  right: z.string().optional(),
  left: z.string().optional(),
  pane: z.number(),
  cwd: z.string().optional(),
  keyTable: z.string().optional(),
});
export const lookSchema = z.object({
  windows: z.array(windowSchema),
  callbacks: z.number(),
  focused: z.number().optional(),
});
export const paletteSchema = z
  .array(z.object({ brief: z.string(), action: z.record(z.string(), z.unknown()) }))
  .or(z.object({}).transform(() => []));
export const messageSchema = z.looseObject({ event: z.string(), job: z.number().optional() });

export type Overlay = z.infer<typeof overlaySchema>;
export interface Started {
  readonly kind: string;
  readonly args: readonly string[];
}

export const replySchema = z.looseObject({
  id: z.number(),
  ok: z.boolean(),
  value: z.unknown().optional(),
  error: z.unknown().optional(),
});
export const statusSchema = z.looseObject({ text: z.string(), side: z.string(), window: z.number() });
export const logSchema = z.looseObject({ text: z.string(), level: z.string() });
export const titleSchema = z.object({ title: z.string() });
export const toastSchema = z.object({ title: z.string(), message: z.string() });
export const timerSchema = z.looseObject({ ms: z.number() });
export const programSchema = z.looseObject({
  args: z.array(z.string()),
  kind: z.string().default("pane"),
  cwd: z.string().optional(),
  pane: z.number().optional(),
});
