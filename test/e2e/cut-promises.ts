import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import { processesWith } from "../helpers/census";
import { addHost, type HostWorld, instanceOf, linked } from "./host-world";
import { expectOneTurn, newMark, submit } from "./tasks";

/** Four tasks run while there is trouble with the link: all succeed in one attempt and one turn, on the same server. */
export async function expectToGoOn(world: HostWorld, workMs: number, trouble: (world: HostWorld) => Promise<void>): Promise<void> {
  const { octo } = world;
  const before = await addHost(world, "alpha");
  const marks = Array.from({ length: 4 }, () => newMark());
  const tasks = await Promise.all(
    marks.map((mark, index) => submit(octo, `[[task:${mark}]] [[bash:sleep ${workMs / 1_000}; echo ${index} > file-${index}.txt]]`)),
  );
  for (const mark of marks) await expect.poll(() => octo.openCode.turns(mark), { timeout: 20_000 }).toBe(1);
  await trouble(world);
  await linked(world, "alpha", "connected", 5_000);
  for (const [index, task] of tasks.entries()) {
    const { branch } = await expectOneTurn(octo, task, marks[index] ?? "");
    expect(await octo.git("show", `${branch?.branch}:file-${index}.txt`)).toBe(String(index));
  }
  expect(await instanceOf(octo, before.id, "ready")).toMatchObject({ pid: before.pid, incarnation: before.incarnation });
}

/** The time is the trouble itself, nothing is waited for. */
export async function cutFor(world: HostWorld, how: "dropPackets" | "linkDown", forMs: number): Promise<void> {
  const [machine] = world.machines;
  await machine?.[how]();
  await pause(forMs);
  if (forMs > 10_000) {
    const { hosts } = await world.octo.client.call("list_hosts", {});
    expect(hosts).toMatchObject([{ link: "unreachable", error: { code: "HOST_UNREACHABLE" } }]);
    expect((await world.octo.client.call("list_opencode_servers", {})).instances).toMatchObject([{ state: "unknown", running: 4 }]);
  }
  await machine?.linkUp();
}

export async function killMaster({ octo }: HostWorld): Promise<void> {
  const own = await processesWith("XDG_RUNTIME_DIR", join(octo.folder, "run"));
  const masters = own.filter(({ pid }) => readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes("-M"));
  expect(masters).toHaveLength(1);
  for (const { pid } of masters) process.kill(pid, "SIGKILL");
}
