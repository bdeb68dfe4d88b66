import { showCost } from "../../shared/status-text";
import type { Part } from "./part";

export const cost: Part = { name: "cost", show: ({ counts }, signs) => showCost(counts, signs) };
