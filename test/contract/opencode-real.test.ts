import { join } from "node:path";
import { startStandIn } from "../../bridge/demo/stand-in/server";
import { startRealOpenCode } from "../helpers/real-opencode";
import { tempFolder } from "../helpers/temp-folder";
import { openCodeContract } from "./opencode-contract";
import type { ContractServer } from "./opencode-place";

// The first turn of a cold directory took 9 s on a busy machine, a boot up to 18 s.
openCodeContract("OpenCode itself", { testTimeoutMs: 90_000, make: startReal });

async function startReal(): Promise<ContractServer> {
  const folder = await tempFolder("octo-contract");
  const standIn = await startStandIn();
  const request = { folder: folder.path, password: "contract", standInUrl: standIn.url };
  let server = await startRealOpenCode(request);
  return {
    endpoint: { url: server.url, password: request.password },
    pid: () => server.pid,
    directory: join(folder.path, "work"),
    model: "standin/model",
    patienceMs: 60_000,
    openGate: async (name) => standIn.release(name),
    turns: async (task) => standIn.turns().get(task) ?? 0,
    async restart() {
      await server.kill();
      server = await startRealOpenCode({ ...request, port: server.port });
    },
    async [Symbol.asyncDispose]() {
      await server.kill();
      await standIn.stop();
      await folder[Symbol.asyncDispose]();
    },
  };
}
