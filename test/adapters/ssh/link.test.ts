import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createProcesses } from "../../../bridge/adapters/process/create-processes";
import { openShell } from "../../../bridge/adapters/ssh/shell";
import type { HostLink } from "../../../bridge/ports/hosts";
import { eventually } from "../../helpers/eventually";
import { type SshHost, sshdMissing, sshHost } from "../../helpers/sshd";
import { listenOn } from "./echo-port";
import { masterOf, openHost, sshOf } from "./remote-world";

const processes = createProcesses(process.platform);

describe.skipIf(sshdMissing)("the link to a host", () => {
  test("tells its states, the reason and since when", async () => {
    await using host = await sshHost();
    await host.stop();
    const states: HostLink[] = [];
    await using remote = openHost(host, {}, { link: (state) => states.push(state) });
    expect(remote.link.state().kind).toBe("connecting");
    await expect(remote.link.whenConnected(5_000)).rejects.toMatchObject({ code: "HOST_UNREACHABLE" });
    await host.start();
    await eventually(() => expect(remote.link.state().kind).toBe("connected"));
    await host.stop();
    await eventually(() => expect(remote.link.state()).toMatchObject({ kind: "unreachable", reason: { code: "HOST_UNREACHABLE" } }));
    expect(states.map(({ kind }) => kind).slice(-3)).toEqual(["connected", "reconnecting", "unreachable"]);
    await remote.close();
    expect(remote.link.state()).toEqual({ kind: "closed" });
  });

  test("tries at least every 2 s while the host is unreachable, and says since when it is so", async () => {
    await using host = await sshHost();
    await host.stop();
    const tries: { readonly sinceMs: number; readonly triedAtMs: number }[] = [];
    await using _ = openHost(host, {}, { link: (state) => state.kind === "unreachable" && tries.push(state) });
    await eventually(() => expect(tries.length).toBeGreaterThanOrEqual(4), { timeoutMs: 10_000 });
    const gaps = tries.slice(1).map(({ triedAtMs }, index) => triedAtMs - (tries[index]?.triedAtMs ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(2_500);
    expect(new Set(tries.map(({ sinceMs }) => sinceMs)).size).toBe(1);
  });

  test("is made again when its master is killed, with its forwards on the same ports, and leaves no ssh behind", async () => {
    await using host = await sshHost();
    await using port = await listenOn();
    await using remote = openHost(host);
    await remote.link.whenConnected(10_000);
    const local = await remote.link.forwards.add(port.number);
    expect(await port.echo(local, "before")).toBe("before");

    const [master] = await masterOf(host);
    expect(master && (await processes.signal(master, "SIGKILL"))).toBe(true);
    await eventually(() => expect(remote.link.state().kind).not.toBe("connected"));
    await eventually(() => expect(remote.link.state().kind).toBe("connected"));
    expect(await remote.link.forwards.add(port.number)).toBe(local);
    expect(await eventually(() => port.echo(local, "after"))).toBe("after");
    expect((await remote.shells.run("echo works", 5_000)).stdout).toBe("works\n");

    await remote.close();
    expect(await masterOf(host)).toEqual([]);
    expect(existsSync(join(host.folder, "run"))).toBe(true);
  });

  test("takes over from a master that a killed bridge left, and from the socket that a killed master left", async () => {
    await using host = await sshHost();
    // Two bridges with one folder: the second is what comes after a kill -9 of the first.
    const first = openHost(host);
    await first.link.whenConnected(10_000);
    const [left] = await masterOf(host);
    await using second = openHost(host);
    await second.link.whenConnected(10_000);
    expect(left && (await processes.isAlive(left))).toBe(false);
    await first.close();
    await second.close();

    await using third = openHost(host);
    await third.link.whenConnected(10_000);
    expect((await third.shells.run("echo works", 5_000)).stdout).toBe("works\n");
  });

  test("is never gone round: a command whose master is gone connects nowhere by itself", async () => {
    await using host = await sshHost();
    const gone = { ssh: sshOf(host), controlPath: join(host.folder, "gone"), host: "alpha", owner: "test" };
    // Without a proxy that fails, ssh would look the name up and go there.
    await expect(openShell(gone)).rejects.toMatchObject({
      code: "HOST_LINK_LOST",
      message: expect.stringContaining("the connection to the host is gone"),
    });
  });
});

test.skipIf(sshdMissing)(
  "50 forwards and 50 commands at once go through one connection of a default sshd",
  { timeout: 60_000 },
  async () => {
    await using host = await sshHost({ config: ["MaxSessions 10", "MaxStartups 10:30:100"] });
    await using remote = openHost(host);
    await remote.link.whenConnected(10_000);
    const ports = await Promise.all(Array.from({ length: 50 }, () => listenOn()));
    const commands = Promise.all(Array.from({ length: 50 }, (_, index) => remote.shells.run(`sleep 0.05; echo ${index}`, 30_000)));
    const locals = await Promise.all(ports.map(({ number }) => remote.link.forwards.add(number)));
    const echoes = await Promise.all(ports.map((port, index) => port.echo(locals[index] ?? 0, `stream ${index}`)));
    expect(echoes).toEqual(Array.from({ length: 50 }, (_, index) => `stream ${index}`));
    expect((await commands).map(({ stdout }) => Number(stdout))).toEqual(Array.from({ length: 50 }, (_, index) => index));
    expect(await connections(host)).toBe(1);
    await Promise.all(ports.map((port) => port[Symbol.asyncDispose]()));
  },
);

async function connections(host: SshHost): Promise<number> {
  return (await masterOf(host)).length;
}
