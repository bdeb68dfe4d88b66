import { showHosts } from "../../shared/status-text";
import type { Part } from "./part";

export const hosts: Part = { name: "hosts", show: ({ counts }, signs) => showHosts(counts, signs) };
