import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import type { ProcessIdentity } from "../../bridge/ports/processes";
import { processesWith } from "../helpers/census";
import { eventually } from "../helpers/eventually";
import type { OctoWorld } from "../helpers/octo-world";
import { addHost, type HostWorld, hostId, hostView, instanceOf, linked } from "./host-world";
import { expectOneTurn, newMark, submit } from "./tasks";

/** What is promised: from the return of the network until the link is there again. */
const reconnectedWithinMs = 5_000;
/** And from then until its servers take work. */
const readyWithinMs = 5_000;

/** Four tasks run while there is trouble with the link: all succeed in one attempt and one turn, on the same server. */
export async function expectToGoOn(world: HostWorld, workMs: number, trouble: (world: HostWorld) => Promise<void>): Promise<void> {
  const { octo } = world;
  const before = await addHost(world, "alpha");
  const marks = Array.from({ length: 4 }, () => newMark());
  const tasks = await Promise.all(
    marks.map((mark, index) => submit(octo, `[[task:${mark}]] [[bash:sleep ${workMs / 1_000}; echo ${index} > file-${index}.txt]]`)),
  );
  for (const mark of marks) await eventually(async () => expect(await octo.openCode.turns(mark)).toBe(1), { timeoutMs: 20_000 });
  await trouble(world);
  await linked(world, "alpha", "connected", reconnectedWithinMs);
  await instanceOf(octo, before.id, "ready", readyWithinMs);
  for (const [index, task] of tasks.entries()) {
    const { branch } = await expectOneTurn(octo, task, marks[index] ?? "");
    expect(await octo.git("show", `${branch?.branch}:file-${index}.txt`)).toBe(String(index));
  }
  expect(await instanceOf(octo, before.id, "ready")).toMatchObject({ pid: before.pid, incarnation: before.incarnation });
}

/**
 * Three hosts, each cut off in another way for as long. On each a task ends meanwhile and another one after: all succeed in one attempt
 * and one turn, on the same servers, which work at once when the link is back.
 */
export async function expectAllToGoOn(world: HostWorld, cutMs: number): Promise<void> {
  const { octo, machines } = world;
  const names = ["alpha", "beta", "gamma"];
  const before = await Promise.all(names.map((name) => addHost(world, name)));
  const works = names.flatMap((name) => [10, cutMs / 1_000 + 10].map((sleepS) => ({ name, sleepS, mark: newMark() })));
  const tasks = await Promise.all(
    works.map(({ name, sleepS, mark }) =>
      submit(octo, `[[task:${mark}]] [[bash:sleep ${sleepS}; echo ${sleepS} > ${name}.txt]]`, { filter: { hosts: [hostId(name)] } }),
    ),
  );
  for (const { mark } of works) await eventually(async () => expect(await octo.openCode.turns(mark)).toBe(1), { timeoutMs: 20_000 });
  await Promise.all([machines[0]?.dropPackets(), machines[1]?.linkDown(), machines[2]?.dropPackets()]);
  await killMaster(world, await addressOf(world, "gamma"));
  await pause(cutMs);
  expect((await octo.client.call("list_hosts", {})).hosts.map(({ link }) => link)).toEqual(names.map(() => "unreachable"));
  const { instances } = await octo.client.call("list_opencode_servers", {});
  expect(instances.map(({ state, running }) => ({ state, running }))).toEqual(names.map(() => ({ state: "unknown", running: 2 })));
  await Promise.all(machines.map((machine) => machine.linkUp()));
  await Promise.all(names.map((name) => linked(world, name, "connected", reconnectedWithinMs)));
  await Promise.all(before.map(({ id }) => instanceOf(octo, id, "ready", readyWithinMs)));
  for (const [index, task] of tasks.entries()) {
    const { branch } = await expectOneTurn(octo, task, works[index]?.mark ?? "");
    expect(await octo.git("show", `${branch?.branch}:${works[index]?.name}.txt`)).toBe(String(works[index]?.sleepS));
  }
  for (const { id, pid, incarnation } of before) expect(await instanceOf(octo, id, "ready")).toMatchObject({ pid, incarnation });
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

async function addressOf(world: HostWorld, name: string): Promise<string> {
  return (await hostView(world, name)).address;
}

/** The ssh connections that the bridge holds. */
export async function mastersOf({ folder }: Pick<OctoWorld, "folder">): Promise<readonly ProcessIdentity[]> {
  const own = await processesWith("XDG_RUNTIME_DIR", join(folder, "run"));
  return own.filter(({ pid }) => argumentsOf(pid).includes("-M"));
}

/** Nothing for one that is gone. */
export function argumentsOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}

/** Nothing else is wrong: another connection is there, and works, as soon as after a cut. */
export async function replaceMaster(world: HostWorld): Promise<void> {
  const before = (await mastersOf(world.octo)).map(({ pid }) => pid);
  const killedAtMs = performance.now();
  await killMaster(world);
  // Until it is seen that the first one is gone, the link still says that it is connected.
  const others = async () => (await mastersOf(world.octo)).filter(({ pid }) => !before.includes(pid));
  await eventually(async () => expect(await others()).toHaveLength(1), { timeoutMs: reconnectedWithinMs });
  await linked(world, "alpha", "connected", reconnectedWithinMs);
  expect(performance.now() - killedAtMs).toBeLessThan(reconnectedWithinMs);
}

/** Of the host with the address; of the only one without. */
async function killMaster({ octo }: HostWorld, address?: string): Promise<void> {
  const masters = (await mastersOf(octo)).filter(({ pid }) => address === undefined || argumentsOf(pid).includes(address));
  expect(masters).toHaveLength(1);
  for (const { pid } of masters) process.kill(pid, "SIGKILL");
}
