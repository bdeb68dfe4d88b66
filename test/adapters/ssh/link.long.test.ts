import { describe, expect, test } from "vitest";
import { eventually } from "../../helpers/eventually";
import { machineMissing, sshMachine } from "../../helpers/ssh-machine";
import { openHost } from "./remote-world";

describe.skipIf(machineMissing)("the link to a machine", { concurrent: true }, () => {
  test.each([
    ["packets are dropped", "dropPackets"],
    ["its network goes down", "linkDown"],
  ] as const)("is noticed to be gone when %s, and is back within 5 s of the network", { timeout: 60_000 }, async (_, cut) => {
    await using machine = await sshMachine();
    await using remote = openHost(machine);
    await remote.link.whenConnected(10_000);
    const cutAtMs = performance.now();
    await machine[cut]();
    await eventually(() => expect(remote.link.state().kind).not.toBe("connected"), { timeoutMs: 20_000 });
    expect(performance.now() - cutAtMs).toBeLessThan(10_000);
    await eventually(() => expect(remote.link.state().kind).toBe("unreachable"), { timeoutMs: 20_000 });

    await machine.linkUp();
    await eventually(() => expect(remote.link.state().kind).toBe("connected"), { timeoutMs: 5_000 });
    expect((await remote.shells.run("echo works", 5_000)).stdout).toBe("works\n");
  });

  test("lives through a cut of a second", { timeout: 60_000 }, async () => {
    await using machine = await sshMachine();
    const states: string[] = [];
    await using remote = openHost(machine, {}, { link: ({ kind }) => states.push(kind) });
    await remote.link.whenConnected(10_000);
    await machine.dropPackets();
    const asked = remote.shells.run("echo works", 10_000);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await machine.linkUp();
    expect((await asked).stdout).toBe("works\n");
    expect(states).toEqual(["connected"]);
  });
});
