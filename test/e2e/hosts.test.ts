import { appendFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { processesWith } from "../helpers/census";
import { machineMissing } from "../helpers/ssh-machine";
import { argumentsOf, cutFor, expectToGoOn, killMaster, mastersOf } from "./cut-promises";
import { addHost, type HostWorld, hostId, hostView, hostWorld, instanceOf } from "./host-world";
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
    // Hosts are asked whether they offer it.
    const model = "standin/model";
    const marks = Array.from({ length: 12 }, () => newMark());
    const tasks = await Promise.all(
      marks.map((mark, index) => submit(octo, `[[task:${mark}]] [[bash:echo ${index} > file-${index}.txt]]`, { model })),
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

  test.each([
    ["its packets are dropped for a second", (world: HostWorld) => cutFor(world, "dropPackets", 1_000)],
    ["the ssh master is killed", killMaster],
  ] as const)("go on when %s: nothing is lost, nothing runs twice, no server starts anew", { timeout: 120_000 }, async (_, trouble) => {
    await using world = await hostWorld(1);
    await expectToGoOn(world, 5_000, trouble);
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
    // Used again, and no orphan on either side.
    await ended(octo, await submit(octo, "[[bash:echo again > file.txt]]", { filter: { hosts: [hostId("alpha")] } }));
    const there = await processesWith("OCTO_TEST_RUN", machines[0]?.run ?? "");
    const servers = (await processesWith("OPENCODE_SERVER_USERNAME", "opencode")).filter(({ pid }) =>
      there.some((each) => each.pid === pid),
    );
    expect(servers.filter(({ pid }) => argumentsOf(pid).includes("serve"))).toHaveLength(1);
    expect(await mastersOf(octo)).toHaveLength(1);
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
    const { octo, machines } = world;
    const remote = await addHost(world, "alpha");
    const task = await submit(octo, "[[bash:sleep 1000]]");
    await expect
      .poll(async () => (await octo.client.call("get_task", { taskId: task.id })).task.state, { timeout: 20_000 })
      .toBe("running");
    await expect(octo.client.call("remove_host", { name: hostId("alpha") })).rejects.toMatchObject({ code: "HOST_IN_USE" });
    await octo.client.call("cancel_task", { taskId: task.id });
    await ended(octo, task, "cancelled");
    // Its words stay on the host, and are shown here, made inert.
    const hosts = join(machines[0]?.home ?? "", ".local/state/octo/hosts");
    const [log = ""] = (await readdir(hosts, { recursive: true })).filter((name) => name.endsWith("stderr.log"));
    await appendFile(join(hosts, log), "disk is \u001b[31mlow\n");
    expect((await octo.client.call("instance_log", { instanceId: remote.id })).text).toContain("disk is low");
    await octo.client.call("remove_host", { name: hostId("alpha") });
    expect((await octo.client.call("list_hosts", {})).hosts).toEqual([]);
    expect((await octo.client.call("list_opencode_servers", {})).instances).toEqual([]);
  });
});
