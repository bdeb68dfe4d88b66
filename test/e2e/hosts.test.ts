import { describe, expect, test } from "vitest";
import { processesWith } from "../helpers/census";
import { machineMissing } from "../helpers/ssh-machine";
import { addHost, hostId, hostView, hostWorld, instanceOf, linked } from "./host-world";
import { ended, expectOneTurn, newMark, spawned, submit } from "./tasks";

describe.skipIf(machineMissing)("hosts", () => {
  test("two of them and this machine do twelve tasks in turn; twelve branches come home, with the right files", {
    timeout: 120_000,
  }, async () => {
    await using world = await hostWorld(2, { config: { tasks: { strategy: "round-robin" } } });
    const { octo } = world;
    await spawned(octo);
    await addHost(world, "alpha");
    await addHost(world, "beta");
    const marks = Array.from({ length: 12 }, () => newMark());
    const tasks = await Promise.all(
      marks.map((mark, index) => submit(octo, `[[task:${mark}]] [[bash:echo ${index} > file-${index}.txt]]`)),
    );
    const ends = await Promise.all(tasks.map((task, index) => expectOneTurn(octo, task, marks[index] ?? "")));
    const { instances } = await octo.client.call("list_opencode_servers", {});
    const hosts = new Set(ends.map(({ instanceId }) => instances.find(({ id }) => id === instanceId)?.host));
    expect([...hosts].sort()).toEqual(["alpha", "beta", "local"]);
    for (const [index, { branch }] of ends.entries()) {
      expect(branch?.files).toEqual([`file-${index}.txt`]);
      expect(await octo.git("show", `${branch?.branch}:file-${index}.txt`)).toBe(String(index));
    }
    expect((await octo.git("branch", "--list", "octo/*")).split("\n")).toHaveLength(12);
    expect(await hostView(world, "alpha")).toMatchObject({ link: "connected", figures: { cores: expect.any(Number) } });
  });

  test("keep working while the link is down: nothing is lost, nothing runs twice, no server starts anew", {
    timeout: 120_000,
  }, async () => {
    await using world = await hostWorld(1);
    const { octo, machines } = world;
    const before = await addHost(world, "alpha");
    const mark = newMark();
    const task = await submit(octo, `[[task:${mark}]] [[bash:sleep 12; echo done > file.txt]]`);
    await expect.poll(() => octo.openCode.turns(mark), { timeout: 20_000 }).toBe(1);
    await machines[0]?.dropPackets();
    const unknown = await instanceOf(octo, before.id, "unknown", 20_000);
    expect(unknown.error?.code).toMatch(/^HOST_/);
    await linked(world, "alpha", "unreachable");
    await machines[0]?.linkUp();
    await linked(world, "alpha", "connected", 5_000);
    const end = await expectOneTurn(octo, task, mark);
    expect(await octo.git("show", `${end.branch?.branch}:file.txt`)).toBe("done");
    expect(await instanceOf(octo, before.id, "ready")).toMatchObject({ pid: before.pid, incarnation: before.incarnation });
  });

  test("are found again by the next bridge, with their servers", { timeout: 120_000 }, async () => {
    await using world = await hostWorld(1);
    const { octo } = world;
    const before = await addHost(world, "alpha");
    const mark = newMark();
    const task = await submit(octo, `[[task:${mark}]] [[bash:sleep 6; echo done > file.txt]]`);
    await expect.poll(() => octo.openCode.turns(mark), { timeout: 20_000 }).toBe(1);
    await octo.startBridge();
    await expectOneTurn(octo, task, mark);
    expect(await instanceOf(octo, before.id, "ready")).toMatchObject({ pid: before.pid, incarnation: before.incarnation });
  });

  test("that reboot lose no task: it moves, and the host is used again", { timeout: 120_000 }, async () => {
    await using world = await hostWorld(1);
    const { octo, machines } = world;
    const before = await addHost(world, "alpha");
    const task = await submit(octo, `[[bash:sleep 5; echo done > file.txt]]`);
    await expect.poll(async () => (await instanceOf(octo, before.id, "ready")).running, { timeout: 20_000 }).toBe(1);
    await machines[0]?.powerOff();
    await machines[0]?.powerOn();
    const end = await ended(octo, task);
    expect(end.attempts.map(({ outcome }) => outcome)).toEqual(["lost", "succeeded"]);
    const after = await instanceOf(octo, before.id, "ready");
    expect(after.incarnation).toBe(before.incarnation + 1);
  });

  test("with `move` are given up only after their fence has ended what ran there", { timeout: 180_000 }, async () => {
    await using world = await hostWorld(1, { hosts: { fenceMs: 10_000, partitionGraceMs: 40_000 } });
    const { octo, machines } = world;
    const remote = await addHost(world, "alpha", { onPartition: "move" });
    const mark = newMark();
    const task = await submit(octo, `[[task:${mark}]] [[bash:sleep 100000]]`, { filter: { hosts: [hostId("alpha"), hostId("local")] } });
    await expect.poll(() => octo.openCode.turns(mark), { timeout: 20_000 }).toBe(1);
    await spawned(octo);
    await machines[0]?.linkDown();
    await expect.poll(() => octo.openCode.turns(mark), { timeout: 90_000, interval: 200 }).toBe(2);
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

  test("that are slow or dead delay no other", { timeout: 120_000 }, async () => {
    await using world = await hostWorld(2);
    const { octo, machines } = world;
    await addHost(world, "alpha");
    await addHost(world, "beta");
    await machines[0]?.dropPackets();
    const startedAtMs = performance.now();
    const mark = newMark();
    const task = await submit(octo, `[[task:${mark}]] [[bash:echo done > file.txt]]`, { filter: { hosts: [hostId("beta")] } });
    await expectOneTurn(octo, task, mark);
    expect(performance.now() - startedAtMs).toBeLessThan(10_000);
    const calls = await Promise.all(Array.from({ length: 20 }, () => octo.client.call("list_opencode_servers", {})));
    expect(calls).toHaveLength(20);
  });

  test("are removed with their servers, and not while they work", { timeout: 120_000 }, async () => {
    await using world = await hostWorld(1);
    const { octo } = world;
    await addHost(world, "alpha");
    const task = await submit(octo, "[[bash:sleep 1000]]");
    await expect
      .poll(async () => (await octo.client.call("get_task", { taskId: task.id })).task.state, { timeout: 20_000 })
      .toBe("running");
    await expect(octo.client.call("remove_host", { name: hostId("alpha") })).rejects.toMatchObject({ code: "HOST_IN_USE" });
    await octo.client.call("cancel_task", { taskId: task.id });
    await ended(octo, task, "cancelled");
    await octo.client.call("remove_host", { name: hostId("alpha") });
    expect((await octo.client.call("list_hosts", {})).hosts).toEqual([]);
    expect((await octo.client.call("list_opencode_servers", {})).instances).toEqual([]);
  });
});
