import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect } from "vitest";
import { octoFolders } from "../../bridge/folders";
import { builtOcto } from "../cli/octo";
import type { OctoWorld } from "../helpers/octo-world";
import { environmentOf, type ProcessWatch, type SeenProcess, watchProcesses } from "../helpers/process-watch";
import { addHost, type HostWorld, hostId } from "./host-world";
import { openPane } from "./pane-world";
import { expectNone, filesIn, ownFilesLeft } from "./secrets-search";
import { makeWitnesses, type Planted, secretConfig, type Witnesses } from "./secrets-world";
import { ended, oneAsk, spawned, submit } from "./tasks";

// Linux tells arguments and environment of every process in /proc.

export interface SecretsRequest {
  readonly world: HostWorld;
  readonly planted: Planted;
  /** Where a bash tool of the real OpenCode wrote its environment to; else nothing is asked of it. */
  readonly toolFile?: string;
}

/** The whole life of tasks here and on a host, with a secret in each place; then each place where none may be is searched. */
export async function expectNoSecretAnywhere({ world: { octo: world, ...rest }, planted, toolFile }: SecretsRequest): Promise<void> {
  const witnesses = await makeWitnesses(world);
  await useSecrets(world, planted, witnesses);
  // Before the watch: the test's own git gets the URL as an argument.
  const other = await otherRepository(world);
  await using built = await builtOcto();
  const octo = async (...args: readonly string[]): Promise<string> => {
    const options = { env: world.environment, extendEnv: false, cwd: world.home, reject: false, all: true, timeout: 60_000 } as const;
    return (await execa(process.execPath, [`${built.path}/dist/octo.js`, ...args], options)).all;
  };
  const passwords = new Map<string, string>();
  const secrets = () => new Map([...Object.entries(planted), ...passwords]);
  using watch = watchProcesses({ secrets, mark: world.folder, mayHold });

  const local = await spawned(world);
  const remote = await addHost({ octo: world, ...rest }, "alpha");
  for (const { id, pid } of [local, remote]) learnPassword(passwords, id, pid ?? 0, planted);
  expect(passwords.size).toBe(2);
  const tasks = await workEverywhere(world, other, toolFile);
  await using pane = await openPane(world, { target: local.id });
  await pane.until("[[say");

  const places = new Map<string, string>([
    ["bridge log", world.bridge().log()],
    ["files of octo", filesIn(octoFolders(world.environment).state, ownFilesLeft)],
    ["runtime folder", filesIn(octoFolders(world.environment).runtime)],
    ["metrics", await world.client.metrics()],
    ["pane", await pane.screen()],
    ["snapshot", JSON.stringify(await world.client.call("get_snapshot", {}))],
    ["hook runs", JSON.stringify(await world.client.call("hook_runs", {}))],
  ]);
  const looked = commandLines(local.id, tasks).map(async (words) => places.set(`octo ${words.join(" ")}`, await octo(...words)));
  await Promise.all(looked);
  expectNone(places, secrets());
  expectWitnesses(witnesses, secrets());
  if (toolFile !== undefined) expectTool(readFileSync(toolFile, "utf8"), local.id, passwords, planted);
  expectSeen(watch);
}

async function useSecrets(world: OctoWorld, planted: Planted, witnesses: Witnesses): Promise<void> {
  const { hosts }: { readonly hosts: Readonly<Record<string, unknown>> } = JSON.parse(readFileSync(world.configFile, "utf8"));
  await world.git("remote", "add", "origin", `https://ada:${planted.remoteUrl}@127.0.0.1:9/repository.git`);
  await world.configure({ ...(await secretConfig(world, planted, witnesses)), hosts });
  await world.startBridge();
}

function learnPassword(passwords: Map<string, string>, id: string, pid: number, planted: Planted): void {
  const environment = environmentOf(pid);
  for (const each of [planted.env, planted.envFile, planted.nested]) expect(environment).toContain(each);
  const password = /^OPENCODE_SERVER_PASSWORD=(.{32})$/m.exec(environment)?.[1];
  if (password !== undefined) passwords.set(`password of ${id}`, password);
}

/** A task that asks, one that fails, one on the host. */
async function workEverywhere(world: OctoWorld, other: string, toolFile: string | undefined): Promise<readonly string[]> {
  const here = { filter: { hosts: [hostId("local")] } };
  const tool = toolFile === undefined ? "" : `[[bash:env >'${toolFile}']]`;
  const asking = await submit(world, `${tool} [[write:a.txt|x]] [[ask:echo guarded]] [[say:done]]`, here);
  const ask = await oneAsk(world, asking);
  await world.client.call("answer_ask", { askId: ask.id, answer: { kind: "allow", scope: "once" } });
  await ended(world, asking);
  const failing = await submit(world, "[[status:401:9]] [[say:never]]", here);
  await ended(world, failing, "failed");
  const elsewhere = await submit(world, "[[write:b.txt|x]] [[say:done]]", {
    directory: other,
    filter: { hosts: [hostId("alpha")] },
  });
  await ended(world, elsewhere);
  return [asking.id, failing.id, elsewhere.id];
}

/** Tasks of a project with a setup stay on this machine: those for the host need another one, whose remote has a secret in its URL too. */
async function otherRepository(world: OctoWorld): Promise<string> {
  const path = join(world.folder, "other");
  await world.git("clone", "--quiet", "--no-hardlinks", world.repository, path);
  await world.git("-C", path, "remote", "set-url", "origin", (await world.git("remote", "get-url", "origin")).trim());
  return path;
}

/** Everything that a person or a script reads of octo. */
function commandLines(instance: string, tasks: readonly string[]): readonly (readonly string[])[] {
  const both = [["status"], ["instances"], ["doctor"], ["config", "show"], ["logs", instance], ["hosts", "list"]];
  const json = [
    ...[["tasks", "--all"], ["asks"], ["audit"], ["cost"], ["gc", "--dry-run"], ["config", "check"], ["hosts", "check", "alpha"]],
    ...[
      ["logs", "hooks"],
      ["logs", "bridge"],
      ["run", "--dry-run", "x"],
    ],
    ...tasks.flatMap((task) => [
      ["show", task],
      ["why", task],
      ["logs", task],
    ]),
  ];
  return [...both, ...[...both, ...json].map((words) => [...words, "--json"])];
}

/** Who needs a secret may have it in its environment; in arguments nobody may. */
function mayHold(seen: SeenProcess, secret: string): boolean {
  // A server, what it starts, and `opencode attach`.
  if (/^OPENCODE_SERVER_PASSWORD=/m.test(seen.environment)) return secret !== "remoteUrl";
  // Proxies: git and ssh need them; hooks and notifiers get neither.
  if (secret === "loginUrl") return !/^OCTO_COMMANDS=/m.test(seen.environment);
  // What the person's shell gave the bridge, the command line and the terminal; a child that did not begin yet looks like the bridge.
  return secret === "login" && (!/^OCTO_(?:GIT|COMMANDS)=/m.test(seen.environment) || isSetup(seen));
}

/** The person's own command for a worktree gets what a login shell of theirs has, and nothing that the configuration adds. */
function isSetup({ command, environment }: SeenProcess): boolean {
  return /^OCTO_GIT=/m.test(environment) && !/(?:^|\/)git\n/.test(command);
}

/** What hooks, notifiers, setup and ssh were given. */
function expectWitnesses({ folder }: Witnesses, secrets: ReadonlyMap<string, string>): void {
  for (const [witness, allowed] of [
    ["hook", []],
    ["notifier", []],
    ["ssh", ["loginUrl"]],
    ["setup", ["login", "loginUrl"]],
  ] as const) {
    const told = readFileSync(`${folder}-${witness}`, "utf8");
    expect(told).toContain("PATH=");
    const had = [...secrets].filter(([, value]) => told.includes(value)).map(([name]) => name);
    const wrong = had.filter((name) => !allowed.some((each) => each === name));
    expect(wrong, witness).toEqual([]);
  }
}

/** The environment of a bash tool: the keys that its models need, its own server's password, and no other's. */
function expectTool(environment: string, instance: string, passwords: ReadonlyMap<string, string>, planted: Planted): void {
  expect(environment).toContain(planted.env);
  for (const [name, password] of passwords) {
    if (name !== `password of ${instance}`) expect(environment, name).not.toContain(password);
  }
  const ours = environment.split("\n").filter((line) => /^OCTO_/.test(line) && !/^OCTO_TEST_/.test(line));
  expect(ours.map((line) => line.split("=")[0])).toEqual(["OCTO_INSTANCE"]);
  expect(environment).not.toContain(planted.remoteUrl);
}

function expectSeen({ sightings, commandsSeen }: ProcessWatch): void {
  expect(sightings).toEqual([]);
  const seen = [...commandsSeen].join("\n");
  for (const program of ["git", "ssh", "octo.js", "octo-bridge", "pane.sh", "curl"]) expect(seen).toContain(program);
}
