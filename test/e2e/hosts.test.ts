import { appendFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { machineMissing } from "../helpers/ssh-machine";
import { expectToGoOn, replaceMaster } from "./cut-promises";
import { addHost, hostId, hostView, hostWorld } from "./host-world";
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

  test("go on when the ssh master is killed: nothing is lost, nothing runs twice, no server starts anew", {
    timeout: 120_000,
  }, async () => {
    await using world = await hostWorld(1);
    await expectToGoOn(world, 5_000, replaceMaster);
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

  test("are forgotten with what they work on, which is not done again", { timeout: 120_000 }, async () => {
    await using world = await hostWorld(1);
    const { octo } = world;
    await addHost(world, "alpha");
    const task = await submit(octo, "[[bash:sleep 1000]]");
    await expect
      .poll(async () => (await octo.client.call("get_task", { taskId: task.id })).task.state, { timeout: 20_000 })
      .toBe("running");
    await octo.client.call("remove_host", { name: hostId("alpha"), forget: true });
    expect((await ended(octo, task, "failed")).error).toMatchObject({ code: "HOST_UNKNOWN" });
    expect((await octo.client.call("list_opencode_servers", {})).instances).toEqual([]);
    expect((await octo.client.call("list_hosts", {})).hosts).toEqual([]);
  });
});
