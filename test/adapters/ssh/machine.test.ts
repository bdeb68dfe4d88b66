import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { appendFile, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createProcesses } from "../../../bridge/adapters/process/create-processes";
import { createRemoteLauncher } from "../../../bridge/adapters/ssh/launcher";
import { argumentsOf } from "../../e2e/cut-promises";
import { processesWith } from "../../helpers/census";
import { eventually } from "../../helpers/eventually";
import { fakeOpenCodeCommand } from "../../helpers/fake-opencode-command";
import { machineMissing, type SshMachine, sshMachine } from "../../helpers/ssh-machine";
import { tempFolder } from "../../helpers/temp-folder";
import { asInstanceId } from "../opencode/launcher-world";
import { runLocally } from "./local-shell";
import { masterOf, openHost, protocol } from "./remote-world";

const processes = createProcesses(process.platform);
const shells = [["dash"], ["bash", "--posix"], ["busybox", "sh"], ["zsh", "--emulate", "sh"]].filter(([name = ""]) =>
  (process.env.PATH ?? "").split(":").some((place) => existsSync(join(place, name))),
);

/** Identity of a machine and what it has lived since: a boot, and in a container the run of that. */
const [first, later] = [`${randomUUID()},`, `${randomUUID()},`];

describe.each(shells)("a host's machine, in %s", (...shell) => {
  const [program = "sh", ...rest] = shell;

  /** A home that several machines may share, and one of them after the other. */
  async function sharedHome() {
    const temp = await tempFolder("octo-machine");
    const ask = (script: string) => runLocally({ shell: [program, ...rest], environment: { HOME: temp.path }, owner: "me", script });
    const root = join(temp.path, ".local/state/octo/hosts/me");
    const use = (machine: string, life: string, host = "alpha") =>
      ask(`octo_machine='${machine}' octo_life='${life}'\nocto_use me ${host}\necho used`);
    return { ask, root, use, [Symbol.asyncDispose]: () => temp[Symbol.asyncDispose]() };
  }

  test.each([
    ["the same boot under another name", "aa,old", first, "aa,new", first],
    ["the same machine after a boot", "aa,node1", first, "aa,node1", later],
    ["a Mac after a boot, which needs no name", "UUID,", first, "UUID,", later],
    ["a machine without an id, by its name", ",node1", first, ",node1", later],
  ])("is taken for the same: %s", async (_, machine, life, nextMachine, nextLife) => {
    await using home = await sharedHome();
    await home.use(machine, life);
    expect(await home.use(nextMachine, nextLife)).toEqual(["used"]);
    // And is what counts from then on.
    expect(await readFile(join(home.root, "machine.alpha"), "utf8")).toBe(`${nextMachine} ${nextLife}\n`);
  });

  test.each([
    ["another id", "aa,node1", first, "bb,node1", later],
    ["another name under one id: made of one image, a container or a machine", "aa,node1", first, "aa,node2", later],
    ["another container of one image on one kernel", "aa,c1", `${first}pid:[1]`, "aa,c2", `${first}pid:[2]`],
    ["no id, and another name", ",node1", first, ",node2", later],
    ["no id where there was one", "aa,node1", first, ",node1", later],
  ])("is taken for another, and nothing is done there: %s", async (_, machine, life, nextMachine, nextLife) => {
    await using home = await sharedHome();
    await home.use(machine, life);
    const refused = home.use(nextMachine, nextLife);
    await expect(refused).rejects.toThrow("fail HOST_OTHER_MACHINE");
    // What it is, what it was, and where that is written.
    for (const word of [nextMachine, machine, join(home.root, "machine.alpha")]) await expect(refused).rejects.toThrow(word);
    expect(await home.use(machine, life)).toEqual(["used"]);
  });

  test("is kept for each host: two machines with one home may be two hosts", async () => {
    await using home = await sharedHome();
    await home.use("aa,node1", first, "alpha");
    expect(await home.use("bb,node2", later, "beta")).toEqual(["used"]);
    expect(await home.use("aa,node1", first, "alpha")).toEqual(["used"]);
  });

  test("is told again as long as it runs, in words that fit into a line and a file's name", async () => {
    await using home = await sharedHome();
    const say = 'printf "%s %s\\n" "$octo_machine" "$octo_life"';
    const [said = ""] = await home.ask(say);
    expect(said).toMatch(/^[\w.-]*,[\w.-]* [\w-]+,\S*$/);
    expect(await home.ask(say)).toEqual([said]);
  });

  test("is written down before a server starts there", async () => {
    await using home = await sharedHome();
    // As on a full disk: each write fails.
    const script = "trap '' XFSZ\nulimit -f 0\nocto_use me alpha\nocto_secrets=\nocto_launch ins_a 1 20000 0";
    await expect(home.ask(script)).rejects.toThrow(/fail HOST_\w+ \S*machine\.alpha: /);
    expect((await readdir(join(home.root, "instances/ins_a"))).sort()).toEqual(["empty"]);
  });
});

describe.skipIf(machineMissing)("an address that leads to one machine after the other", () => {
  test.each([
    ["with one home", true],
    ["with a home each", false],
  ])("%s is refused on the second, where nothing is done, and goes on with the first", { timeout: 90_000 }, async (_, isShared) => {
    await using one = await sshMachine();
    await using two = await sshMachine(isShared ? { environment: { HOME: one.home } } : {});
    await appendFile(one.knownHostsFile, await readFile(two.knownHostsFile, "utf8"));
    await appendFile(join(two.folder, "authorized_keys"), await readFile(join(one.folder, "authorized_keys"), "utf8"));
    const config = await readFile(one.configFile, "utf8");
    const leadTo = ({ address }: SshMachine) => writeFile(one.configFile, config.replaceAll(one.address, address));
    await using remote = openHost(one, { command: await fakeOpenCodeCommand() });
    const launcher = createRemoteLauncher({ host: remote, protocol, environment: async () => ({}) });
    const request = { instanceId: asInstanceId("ins_a"), incarnation: 1, password: "pw", port: await launcher.choosePort([], 0) };
    const server = await launcher.launch(request);
    let hasExited = false;
    void server.exited.then(() => {
      hasExited = true;
    });

    await leadTo(two);
    for (const master of await masterOf(one)) await processes.signal(master, "SIGKILL");
    await eventually(() => expect(remote.link.state()).toMatchObject({ kind: "unreachable", reason: { code: "HOST_OTHER_MACHINE" } }), {
      timeoutMs: 15_000,
    });
    const asks = [launcher.adopt(request, server.identity), launcher.sweep(request, server.identity), launcher.launch(request)];
    for (const asked of await Promise.allSettled(asks)) expect(asked).toMatchObject({ reason: { code: "HOST_OTHER_MACHINE" } });
    expect(hasExited).toBe(false);
    expect((await processesWith("OCTO_TEST_RUN", two.run)).filter(({ pid }) => argumentsOf(pid).includes("serve"))).toEqual([]);

    await leadTo(one);
    await remote.link.whenConnected(15_000).catch(() => remote.link.tryNow(15_000));
    expect((await launcher.adopt(request, server.identity))?.identity).toEqual(server.identity);
    await launcher.stop(server, { graceMs: 2_000 });
  });
});
