import { z } from "zod";

/** A whole number within limits. */
export const count = (min: number, max: number) => z.int().min(min).max(max);

export const minuteMs = 60_000;
