import { join } from "node:path";
import { nativeBinary } from "../../bridge/adapters/opencode/launcher-native-binary";
import { quietEnvironment, standInConfig } from "../../bridge/demo/stand-in/config";
import { startStandIn } from "../../bridge/demo/stand-in/server";
import type { OpenCodeSource } from "./opencode-source";

/** The OpenCode that is installed here, with the stand-in as its only model and no way to the network. */
export async function realOpenCode(): Promise<OpenCodeSource> {
  const program = await nativeBinary(join(import.meta.dirname, "../../node_modules/.bin/opencode"));
  if (program === undefined) throw new Error("opencode-ai is installed without its program: run `npm ci`");
  const standIn = await startStandIn();
  return {
    command: [program],
    environment: { ...quietEnvironment(), OPENCODE_CONFIG_CONTENT: JSON.stringify(standInConfig(standIn.url)) },
    turns: async (mark) => standIn.turns().get(mark) ?? 0,
    patienceMs: 90_000,
    close: () => standIn.stop(),
  };
}
