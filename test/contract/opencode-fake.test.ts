import { join } from "node:path";
import { controlFake } from "../helpers/fake-control";
import { fakeOpenCodeCommand } from "../helpers/fake-opencode-command";
import { type ServerProcess, startServerProcess } from "../helpers/server-process";
import { tempFolder } from "../helpers/temp-folder";
import { openCodeContract } from "./opencode-contract";
import type { ContractServer } from "./opencode-place";

openCodeContract("the fake OpenCode server", { testTimeoutMs: 15_000, make: startFake });

async function startFake(): Promise<ContractServer> {
  const folder = await tempFolder("octo-contract");
  const password = "contract";
  const command = await fakeOpenCodeCommand();
  const environment = { PATH: process.env.PATH ?? "", OPENCODE_SERVER_PASSWORD: password, OPENCODE_DB: join(folder.path, "data.jsonl") };
  let server: ServerProcess = await startServerProcess({ command, environment, cwd: folder.path });
  const endpoint = { url: server.url, password };
  const control = controlFake(endpoint);
  return {
    endpoint,
    pid: () => server.pid,
    directory: folder.path,
    model: "standin/model",
    patienceMs: 10_000,
    openGate: (name) => control.openGate(name),
    turns: async (task) => (await control.turns()).get(task) ?? 0,
    async restart() {
      await server.kill();
      server = await startServerProcess({ command, environment, cwd: folder.path, port: server.port });
    },
    async [Symbol.asyncDispose]() {
      await server.kill();
      await folder[Symbol.asyncDispose]();
    },
  };
}
