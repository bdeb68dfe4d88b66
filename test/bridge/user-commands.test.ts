import { join } from "node:path";
import { expect, test } from "vitest";
import { createProcesses } from "../../bridge/adapters/process/create-processes";
import { defaultConfig } from "../../bridge/config/config";
import { instanceEnvironment } from "../../bridge/environment";
import { octoFolders } from "../../bridge/folders";
import { createLog } from "../../bridge/log";
import { createRedactor } from "../../bridge/redactor";
import { userCommands } from "../../bridge/user-commands";
import { tempFolder } from "../helpers/temp-folder";

test("a hook runs also while the file with the servers' variables is not there", async () => {
  await using folder = await tempFolder();
  const environment = { HOME: folder.path, PATH: process.env.PATH ?? "", XDG_RUNTIME_DIR: folder.path };
  const opencode = { ...defaultConfig().opencode, loginShell: false, envFile: join(folder.path, "not-there.env") };
  const { commands } = userCommands({
    ...{ folders: octoFolders(environment), environment, processes: createProcesses(process.platform) },
    instances: instanceEnvironment(opencode, environment, createRedactor()),
    log: createLog((line) => line, undefined),
  });
  const request = { command: ["sh", "-c", "echo $HOME"], stdin: "", timeoutMs: 10_000 };
  expect(await commands.run(request, new AbortController().signal)).toMatchObject({ outcome: "succeeded", output: `${folder.path}\n` });
});
