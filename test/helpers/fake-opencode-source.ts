import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseObject, textOf } from "../fakes/opencode-server/json";
import type { FakeOptions } from "../fakes/opencode-server/options";
import { fakeOpenCodeCommand } from "./fake-opencode-command";
import type { OpenCodeSource } from "./opencode-source";

/** Fake servers; what `setFakeOptions` wrote counts from their next start on. */
export async function fakeOpenCode(folder: string): Promise<OpenCodeSource> {
  const turnLog = join(folder, "turns.jsonl");
  return {
    command: await fakeOpenCodeCommand(),
    environment: { FAKE_OPENCODE_OPTIONS_FILE: optionsFile(folder), FAKE_OPENCODE_TURN_LOG: turnLog },
    async turns(mark) {
      const lines = (await readFile(turnLog, "utf8").catch(() => "")).split("\n");
      return lines.filter((line) => textOf(parseObject(line), "task") === mark).length;
    },
    patienceMs: 15_000,
    close: () => Promise.resolve(),
  };
}

export async function setFakeOptions(folder: string, options: Partial<FakeOptions>): Promise<void> {
  await writeFile(optionsFile(folder), JSON.stringify(options));
}

function optionsFile(folder: string): string {
  return join(folder, "fake-opencode.json");
}
