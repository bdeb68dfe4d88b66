import { showQueued } from "../../shared/status-text";
import type { Part } from "./part";

export const queued: Part = { name: "queued", show: ({ counts }, signs) => showQueued(counts, signs) };
