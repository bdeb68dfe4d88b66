import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type Check, fail, ok } from "./check";

/** File systems and time zones may be off by that much. */
const toleranceMs = 24 * 60 * 60_000;

/** Ids, prices of the day and certificates depend on it. This program's own file cannot be of the future. */
export const clockCheck: Check = {
  name: "clock",
  async run() {
    const nowMs = Date.now();
    const { mtimeMs } = await stat(fileURLToPath(import.meta.url));
    const shown = new Date(nowMs).toISOString();
    if (nowMs < mtimeMs - toleranceMs) return fail(`it says ${shown}, before octo was installed`, "Set the clock, or let NTP do it.");
    return ok(shown);
  },
};
