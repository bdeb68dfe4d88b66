import { setTimeout as pause } from "node:timers/promises";
import { sendSignal } from "../../bridge/send-signal";
import type { InstanceView } from "../../shared/instance";
import type { TaskView } from "../../shared/task";
import { eventually } from "../helpers/eventually";
import type { OctoWorld } from "../helpers/octo-world";
import { surely } from "./sure-client";
import { hasEnded } from "./work-load";

const lookMs = 10;

/** How long it took, in milliseconds. */
export interface ServerDeath {
  /** Until octo knew. */
  readonly noticedMs: number;
  /** From then until each of its tasks ran again, elsewhere or on its next start; undefined when it had none. */
  readonly movedMs: number | undefined;
}

export async function instancesOf(world: OctoWorld): Promise<readonly InstanceView[]> {
  return (await surely(world, "list_opencode_servers", {})).instances;
}

async function tasksOf(world: OctoWorld): Promise<readonly TaskView[]> {
  return (await surely(world, "list_tasks", { limit: 1_000 })).tasks;
}

/** A living server, one with work if there is any. */
export async function victim(world: OctoWorld, random: () => number): Promise<InstanceView | undefined> {
  const ready = (await instancesOf(world)).filter(({ state, pid }) => state === "ready" && pid !== undefined);
  const busy = ready.filter(({ running }) => running > 0);
  const among = busy.length > 0 ? busy : ready;
  return among[Math.floor(random() * among.length)];
}

/** SIGKILL to the server and what shares its group. */
export async function killServer(world: OctoWorld, { id, pid, incarnation }: InstanceView): Promise<ServerDeath> {
  const had = (await tasksOf(world)).filter(({ instanceId, state }) => instanceId === id && state === "running");
  const killedAtMs = performance.now();
  sendSignal({ groupId: pid }, "SIGKILL");
  const until = (check: () => Promise<boolean>): Promise<void> =>
    eventually(
      async () => {
        if (!(await check())) throw new Error("not yet");
      },
      { timeoutMs: 60_000, intervalMs: lookMs },
    );
  await until(async () => {
    const now = (await instancesOf(world)).find((instance) => instance.id === id);
    return now?.state !== "ready" || now.incarnation !== incarnation;
  });
  const noticedAtMs = performance.now();
  if (had.length === 0) return { noticedMs: noticedAtMs - killedAtMs, movedMs: undefined };
  await until(async () => {
    const now = new Map((await tasksOf(world)).map((task) => [task.id, task]));
    return had.every((before) => {
      const task = now.get(before.id);
      return !task || hasEnded(task) || (task.state === "running" && task.attempts.length > before.attempts.length);
    });
  });
  return { noticedMs: noticedAtMs - killedAtMs, movedMs: performance.now() - noticedAtMs };
}

/** SIGKILL to the bridge; milliseconds until the next one has all living servers ready again. */
export async function killBridge(world: OctoWorld, awayMs: number): Promise<number> {
  const before = (await instancesOf(world)).filter(({ state }) => state === "ready").map(({ id }) => id);
  await world.bridge().kill();
  await pause(awayMs);
  const startedAtMs = performance.now();
  await world.startBridge();
  await eventually(
    async () => {
      const ready = new Set((await instancesOf(world)).filter(({ state }) => state === "ready").map(({ id }) => id));
      if (!before.every((id) => ready.has(id))) throw new Error("not all are ready again");
    },
    { timeoutMs: 60_000, intervalMs: lookMs },
  );
  return performance.now() - startedAtMs;
}

/** SIGSTOP for a while; false when octo took it for dead. */
export async function stopServer(world: OctoWorld, { id, pid, incarnation }: InstanceView, forMs: number): Promise<boolean> {
  sendSignal({ groupId: pid }, "SIGSTOP");
  await pause(forMs);
  sendSignal({ groupId: pid }, "SIGCONT");
  return (await instancesOf(world)).some((instance) => instance.id === id && instance.incarnation === incarnation);
}

export async function stopBridge(world: OctoWorld, forMs: number): Promise<void> {
  const { pid } = world.bridge();
  process.kill(pid, "SIGSTOP");
  await pause(forMs);
  process.kill(pid, "SIGCONT");
}
