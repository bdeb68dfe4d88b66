import { showHealth } from "../../shared/status-text";
import type { Part } from "./part";

export const health: Part = { name: "health", show: ({ counts }, signs) => showHealth(counts, signs) };
