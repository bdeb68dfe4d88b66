import { showRunning } from "../../shared/status-text";
import type { Part } from "./part";

export const running: Part = { name: "running", show: ({ counts }, signs) => showRunning(counts, signs) };
