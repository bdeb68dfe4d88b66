import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { octoFolders } from "../../bridge/folders";
import { builtOcto } from "../cli/octo";
import { eventually } from "../helpers/eventually";
import { octoWorld } from "../helpers/octo-world";
import { sshdMissing } from "../helpers/sshd";
import { loopbackWorld } from "./host-world";
import { fakeWithAttach } from "./pane-world";
import { expectNoSecretAnywhere } from "./secrets-promises";
import { expectNone, filesIn, ownFilesLeft } from "./secrets-search";
import { loginEnvironment, makeWitnesses, plant, secretConfig } from "./secrets-world";
import { ended, first, submit } from "./tasks";

test.runIf(process.platform === "linux" && sshdMissing === undefined)(
  "no secret is in logs, store, answers, what octo prints, arguments, or the environment of what needs none, here and on a host",
  { timeout: 120_000 },
  async () => {
    const planted = plant();
    await using world = await loopbackWorld({ openCode: fakeWithAttach, environment: loginEnvironment(planted) });
    await expectNoSecretAnywhere({ world, planted });
  },
);

test("servers and setups that print their whole environment before they fail are quoted without secrets", { timeout: 60_000 }, async () => {
  const planted = plant();
  await using world = await octoWorld({ start: false, environment: loginEnvironment(planted) });
  const config = await secretConfig(world, planted, await makeWitnesses(world));
  await world.configure({ ...config, opencode: { ...config.opencode, command: ["sh", "-c", "env >&2; exit 1"] }, hooks: [], notify: {} });
  await world.startBridge();
  const { id } = first((await world.client.call("spawn_opencode_server", {})).instances);
  await using built = await builtOcto();
  const octo = async (...args: readonly string[]): Promise<string> => {
    const options = { env: world.environment, extendEnv: false, cwd: world.home, reject: false, all: true, timeout: 30_000 } as const;
    return (await execa(process.execPath, [join(built.path, "dist/octo.js"), ...args], options)).all;
  };
  await eventually(async () => expect(await octo("logs", id)).toContain("CONFIG_API_KEY=(secret)"), { timeoutMs: 20_000 });
  const places = new Map<string, string>();
  const look = async (...args: readonly string[]): Promise<void> => {
    places.set(`octo ${args.join(" ")}`, await octo(...args));
  };
  for (const words of [["logs", id], ["instances"], ["instances", "--json"], ["doctor"], ["config", "show", "--json"]])
    await look(...words);
  places.set("bridge log while no server starts", world.bridge().log());

  const setup = { [world.repository]: { setup: "env; exit 1" } };
  await world.configure({ ...config, projects: setup, hooks: [], notify: {} });
  await world.startBridge();
  const task = await ended(world, await submit(world, "[[say:never]]"), "failed");
  expect(task.error?.code).toBe("WORKSPACE_SETUP_FAILED");
  for (const words of [
    ["show", task.id, "--json"],
    ["why", task.id],
    ["tasks", "--all", "--json"],
  ])
    await look(...words);
  places.set("bridge log", world.bridge().log());
  places.set("files of octo", filesIn(octoFolders(world.environment).state, ownFilesLeft));
  expectNone(places, new Map(Object.entries(planted)));
});
