import { describe, expect, test } from "vitest";
import { processesWith } from "../helpers/census";
import { eventually } from "../helpers/eventually";
import { machineMissing } from "../helpers/ssh-machine";
import { sshdMissing } from "../helpers/sshd";
import { hasTmux } from "../helpers/tmux";
import { argumentsOf, cutFor, expectAllToGoOn, expectToGoOn, mastersOf } from "./cut-promises";
import { addHost, hostId, hostWorld, instanceOf, linked } from "./host-world";
import { expectRealDomainPane, expectRealWork } from "./real-host-promises";
import { ended, expectOneTurn, newMark, spawned, submit } from "./tasks";

const hasTerminals = await hasTmux();

// At once: what takes long here is waiting.
describe.skipIf(machineMissing)("hosts", { concurrent: true }, () => {
  test("go on after ten minutes without packets, without the network, and with the ssh master killed as well", {
    timeout: 840_000,
  }, async () => {
    await using world = await hostWorld(3);
    await expectAllToGoOn(world, 600_000);
  });

  test.each(["dropPackets", "linkDown"] as const)("go on after 20 s without the network (%s)", { timeout: 180_000 }, async (how) => {
    await using world = await hostWorld(1);
    await expectToGoOn(world, 30_000, async (cut) => {
      await cutFor(cut, how, 20_000);
    });
  });

  test("go on when packets are dropped for a second", { timeout: 120_000 }, async () => {
    await using world = await hostWorld(1);
    await expectToGoOn(world, 5_000, (cut) => cutFor(cut, "dropPackets", 1_000));
  });

  test("are found again by the next bridge, with their servers", { timeout: 120_000 }, async () => {
    await using world = await hostWorld(1);
    const { octo } = world;
    const before = await addHost(world, "alpha");
    const mark = newMark();
    const task = await submit(octo, `[[task:${mark}]] [[bash:sleep 6; echo done > file.txt]]`);
    await eventually(async () => expect(await octo.openCode.turns(mark)).toBe(1), { timeoutMs: 20_000 });
    await octo.startBridge();
    await expectOneTurn(octo, task, mark);
    expect(await instanceOf(octo, before.id, "ready")).toMatchObject({ pid: before.pid, incarnation: before.incarnation });
  });

  test("that reboot lose no task: it moves, and the host is used again", { timeout: 120_000 }, async () => {
    await using world = await hostWorld(1);
    const { octo, machines } = world;
    const before = await addHost(world, "alpha");
    const task = await submit(octo, `[[bash:sleep 5; echo done > file.txt]]`);
    await eventually(async () => expect((await instanceOf(octo, before.id, "ready")).running).toBe(1), { timeoutMs: 20_000 });
    await machines[0]?.powerOff();
    await machines[0]?.powerOn();
    const end = await ended(octo, task);
    expect(end.attempts.map(({ outcome }) => outcome)).toEqual(["lost", "succeeded"]);
    const after = await instanceOf(octo, before.id, "ready");
    expect(after.incarnation).toBe(before.incarnation + 1);
    // Used again, and no orphan on either side.
    await ended(octo, await submit(octo, "[[bash:echo again > file.txt]]", { filter: { hosts: [hostId("alpha")] } }));
    const there = await processesWith("OCTO_TEST_RUN", machines[0]?.run ?? "");
    const servers = (await processesWith("OPENCODE_SERVER_USERNAME", "opencode")).filter(({ pid }) =>
      there.some((each) => each.pid === pid),
    );
    expect(servers.filter(({ pid }) => argumentsOf(pid).includes("serve"))).toHaveLength(1);
    expect(await mastersOf(octo)).toHaveLength(1);
  });

  test("with `move` are given up only after their fence has ended what ran there", { timeout: 180_000 }, async () => {
    await using world = await hostWorld(1, { hosts: { fenceMs: 10_000, partitionGraceMs: 40_000 } });
    const { octo, machines } = world;
    const remote = await addHost(world, "alpha", { onPartition: "move" });
    const mark = newMark();
    const task = await submit(octo, `[[task:${mark}]] [[bash:sleep 100000]]`, { filter: { hosts: [hostId("alpha"), hostId("local")] } });
    await eventually(async () => expect(await octo.openCode.turns(mark)).toBe(1), { timeoutMs: 20_000 });
    await spawned(octo);
    await machines[0]?.linkDown();
    await eventually(async () => expect(await octo.openCode.turns(mark)).toBe(2), { timeoutMs: 90_000 });
    // Neither the server nor its tools: only then may the task run here.
    const there = await processesWith("OCTO_TEST_RUN", machines[0]?.run ?? "");
    const tools = await processesWith("OPENCODE", "1");
    const servers = await processesWith("OPENCODE_SERVER_USERNAME", "opencode");
    const living = [...tools, ...servers].map(({ pid }) => pid);
    expect(there.filter(({ pid }) => living.includes(pid))).toEqual([]);
    await octo.client.call("cancel_task", { taskId: task.id });
    await machines[0]?.linkUp();
    await linked(world, "alpha", "connected", 5_000);
    await instanceOf(octo, remote.id, "ready", 60_000);
  });
});

// Last: servers that boot take the machine, the ten minutes above are idle.
describe.skipIf(sshdMissing)("the real OpenCode on a host", { concurrent: true }, () => {
  test("does three tasks, with three branches at home and one server", { timeout: 400_000 }, expectRealWork);

  test.skipIf(!hasTerminals)(
    "is what a pane in the host's domain shows, on the task's session",
    { timeout: 400_000 },
    expectRealDomainPane,
  );
});
