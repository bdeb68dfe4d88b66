import { showWaiting } from "../../shared/status-text";
import type { Part } from "./part";

export const waiting: Part = { name: "waiting", show: ({ counts }, signs) => showWaiting(counts, signs) };
