import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createProcesses } from "../../../bridge/adapters/process/create-processes";
import { createRemoteLauncher } from "../../../bridge/adapters/ssh/launcher";
import type { RemoteHost } from "../../../bridge/adapters/ssh/remote-host";
import type { Launcher, LaunchRequest } from "../../../bridge/ports/opencode";
import { expectNoProcessesWith } from "../../helpers/census";
import { eventually } from "../../helpers/eventually";
import { controlFake } from "../../helpers/fake-control";
import { fakeOpenCodeCommand } from "../../helpers/fake-opencode-command";
import { machineMissing, sshMachine } from "../../helpers/ssh-machine";
import { type SshHost, sshdMissing, sshHost } from "../../helpers/sshd";
import { expectLauncherContract } from "../opencode/launcher-contract";
import { asInstanceId, launcherWorld, ready } from "../opencode/launcher-world";
import { openHost, protocol } from "./remote-world";

const processes = createProcesses(process.platform);
const password = "correct-horse-battery";

describe.skipIf(sshdMissing)("the launcher of a host", () => {
  test("keeps the launcher's contract", async () => {
    await using world = await launcherWorld();
    await using host = await sshHost({ run: world.run });
    await using remote = await open(host);
    const body = { parts: [{ type: "text", text: "[[bash:sleep 3600]]" }] };
    await expectLauncherContract(world, { launcher: launcherOf(remote), toolRequest: { path: "prompt_async", body } });
  });

  test("never starts a server twice: the same start again gives the same server, also at once and to the next bridge", async () => {
    await using host = await sshHost();
    await using first = await open(host);
    const request = await requestOn(launcherOf(first));
    const servers = await Promise.all([1, 2, 3].map(() => launcherOf(first).launch(request)));
    expect(new Set(servers.map(({ identity }) => identity.pid)).size).toBe(1);
    await first.close();

    await using second = await open(host);
    const found = await launcherOf(second).adopt(request, undefined);
    expect(found?.identity).toEqual(servers[0]?.identity);
    expect((await launcherOf(second).launch(request)).identity).toEqual(found?.identity);
    expect(await serversOf(host)).toHaveLength(1);
    if (found) await launcherOf(second).stop(found, { graceMs: 2_000 });
    await second.close();
    await expectNoProcessesWith("OCTO_TEST_RUN", host.run);
  });

  test("refuses a start that comes after it was given up", async () => {
    await using host = await sshHost();
    await using remote = await open(host);
    const launcher = launcherOf(remote);
    const request = await requestOn(launcher);
    await launcher.sweep(request, undefined);
    await expect(launcher.launch(request)).rejects.toMatchObject({ code: "PROCESS_START_FAILED" });
    expect(await serversOf(host)).toEqual([]);
  });

  test("keeps password and configured environment out of every argument and file", async () => {
    await using host = await sshHost();
    await using remote = await open(host, { KEY_OF_A_PROVIDER: "sk-'secret" });
    const server = await launcherOf(remote).launch(await requestOn(launcherOf(remote)));
    const all = await processes.findByEnvironment("OCTO_TEST_RUN", host.run);
    const commands = all.map(({ pid }) => readFileSync(`/proc/${pid}/cmdline`, "utf8")).join("\n");
    expect(commands).not.toMatch(/correct-horse|sk-/);
    expect((await remote.call(`grep -rlE 'correct-horse|sk-' "$octo_root" || true`, 5_000)).join()).toBe("");
    expect(readFileSync(`/proc/${server.identity.pid}/environ`, "utf8").split("\0")).toContain("KEY_OF_A_PROVIDER=sk-'secret");
  });

  test("writes down pid, start, boot, port, incarnation and version, and tells memory and CPU", async () => {
    await using host = await sshHost();
    await using remote = await open(host);
    const request = await requestOn(launcherOf(remote));
    const server = await launcherOf(remote).launch(request);
    await ready(launcherOf(remote), server);
    const state = await readFile(join(host.home, ".local/state/octo/hosts/test/instances/ins_a/state"), "utf8");
    const { pid, startTime, bootId } = server.identity;
    expect(state.trim().split("\n").sort()).toEqual(
      [`pid=${pid}`, `start=${startTime}`, `boot=${bootId}`, `port=${request.port}`, "incarnation=1", "version=1.18.33"].sort(),
    );
    await remote.pulse.beat();
    const usage = remote.pulse.usage(server.identity);
    expect(usage?.rssBytes).toBeGreaterThan(10 * 1024 * 1024);
    expect(usage?.cpuMs).toBeGreaterThan(0);
    expect(remote.pulse.figures()).toMatchObject({ cores: expect.any(Number), load: expect.any(Number), roundTripMs: expect.any(Number) });
  });

  test.each([
    ["OPENCODE_MISSING", ["/nowhere/opencode"]],
    ["INSTANCE_EXITED", ["/bin/sh", "-c", "echo 'no such luck' >&2; exit 3"]],
  ] as const)("raises %s, with what the host says", async (code, command) => {
    await using host = await sshHost();
    await using remote = openHost(host, { command: [...command] });
    const launcher = launcherOf(remote);
    const request = await requestOn(launcher);
    const start = async () => ready(launcher, await launcher.launch(request));
    await expect(start()).rejects.toMatchObject({ code, message: expect.stringMatching(/nowhere|with code 3 .*no such luck/) });
  });

  test("raises PORT_TAKEN where somebody listens on the host", async () => {
    await using host = await sshHost();
    await using remote = await open(host);
    const request = { ...(await requestOn(launcherOf(remote))), port: host.port };
    await expect(launcherOf(remote).launch(request)).rejects.toMatchObject({ code: "PORT_TAKEN" });
    expect(await launcherOf(remote).choosePort([], host.port)).not.toBe(host.port);
  });

  test("raises HOST_FORWARD_REFUSED where sshd forwards nothing", async () => {
    await using host = await sshHost({ config: ["AllowTcpForwarding no"] });
    await using remote = await open(host);
    const server = await launcherOf(remote).launch(await requestOn(launcherOf(remote)));
    await expect(ready(launcherOf(remote), server, 3_000)).rejects.toMatchObject({ code: "HOST_FORWARD_REFUSED" });
  });

  test("sees how a server ended while the link was down, and that it lived on before", { timeout: 40_000 }, async () => {
    await using host = await sshHost();
    await using remote = await open(host);
    const server = await launcherOf(remote).launch(await requestOn(launcherOf(remote)));
    await ready(launcherOf(remote), server);
    await host.stop();
    await eventually(() => expect(remote.link.state().kind).toBe("unreachable"));
    expect(await processes.isAlive(server.identity)).toBe(true);
    await expect(launcherOf(remote).adopt(await requestOf(), server.identity)).rejects.toMatchObject({ code: "HOST_UNREACHABLE" });
    await processes.signal(server.identity, "SIGKILL");
    await host.start();
    expect(await server.exited).toEqual({ code: null, signal: "SIGKILL" });
  });

  test("keeps an endpoint's port when the link comes back", { timeout: 40_000 }, async () => {
    await using host = await sshHost();
    await using remote = await open(host);
    const server = await launcherOf(remote).launch(await requestOn(launcherOf(remote)));
    await ready(launcherOf(remote), server);
    await host.stop();
    await eventually(() => expect(remote.link.state().kind).toBe("unreachable"));
    await host.start();
    await eventually(() => controlFake(server.endpoint).streams(), { timeoutMs: 5_000 });
  });
});

describe.skipIf(machineMissing)("a machine that is rebooted", () => {
  test("has no servers of before, is used again, and says another boot", { timeout: 60_000 }, async () => {
    await using machine = await sshMachine();
    await using remote = await open(machine);
    const request = await requestOn(launcherOf(remote));
    const before = await launcherOf(remote).launch(request);
    await ready(launcherOf(remote), before);
    await machine.powerOff();
    await machine.powerOn();
    expect(await before.exited).toEqual({ code: null, signal: null });
    await remote.link.whenConnected(5_000);
    expect(await launcherOf(remote).adopt(request, before.identity)).toBeUndefined();
    await launcherOf(remote).sweep(request, before.identity);
    const after = await launcherOf(remote).launch({ ...request, incarnation: 2 });
    expect(await ready(launcherOf(remote), after)).toEqual({ version: "1.18.33" });
    expect(after.identity.bootId).not.toBe(before.identity.bootId);
    await launcherOf(remote).stop(after, { graceMs: 2_000 });
  });
});

async function open(host: Pick<SshHost, "folder" | "configFile">, environment: Record<string, string> = {}) {
  const remote = openHost(host, { command: await fakeOpenCodeCommand() });
  environments.set(remote, environment);
  return remote;
}

const environments = new WeakMap<RemoteHost, Record<string, string>>();
const launchers = new WeakMap<RemoteHost, Launcher>();

function launcherOf(host: RemoteHost): Launcher {
  const known = launchers.get(host) ?? createRemoteLauncher({ host, protocol, environment: async () => environments.get(host) ?? {} });
  launchers.set(host, known);
  return known;
}

async function requestOf(port = 20_000): Promise<LaunchRequest> {
  return { instanceId: asInstanceId("ins_a"), incarnation: 1, password, port };
}

async function requestOn(launcher: Launcher): Promise<LaunchRequest> {
  return requestOf(await launcher.choosePort([], 0));
}

/** Processes of the host that serve. */
async function serversOf(host: SshHost) {
  return (await processes.findByEnvironment("OCTO_TEST_RUN", host.run)).filter(({ pid }) => argumentsOf(pid).includes("serve"));
}

function argumentsOf(pid: number): readonly string[] {
  return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
}
