import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { sendSignal } from "../../bridge/send-signal";
import { expectNoProcessesWith, processesWith } from "../helpers/census";

const markName = "OCTO_TEST_WORLD";

// As when a test timed out, a benchmark's reader went (EPIPE), or somebody pressed Ctrl-C.
test.runIf(process.platform === "linux").each([
  ["waits", "SIGTERM"],
  ["waits", "SIGINT"],
  ["fails", "no signal"],
] as const)("a world leaves nothing behind when the process that made it %s and gets %s", async (how, signal) => {
  const fixture = join(import.meta.dirname, "../fixtures/abandoned-world.ts");
  const child = spawn(process.execPath, ["--import", "tsx", fixture, how], { stdio: ["ignore", "pipe", "ignore"] });
  const ended = once(child, "close");
  const [line] = await once(createInterface(child.stdout), "line");
  const { mark, folder }: { readonly mark: string; readonly folder: string } = JSON.parse(String(line));
  try {
    if (signal !== "no signal") {
      // The bridge and a server.
      expect(await processesWith(markName, mark)).toHaveLength(2);
      child.kill(signal);
    }
    await ended;
    await expectNoProcessesWith(markName, mark);
    expect(existsSync(folder)).toBe(false);
  } finally {
    child.kill("SIGKILL");
    for (const each of await processesWith(markName, mark)) sendSignal(each, "SIGKILL");
  }
});
