import type { StrategyName } from "../../shared/task";
import { instanceId } from "../fakes/samples";
import { Fleet } from "./fleet";
import { seededRandom } from "./seeded-random";

const instanceCount = 12;
const slotChoices = [4, 6, 8] as const;
/** Of the slots that are free before the burst. */
const burstShare = 0.4;

/**
 * An uneven load: machines of 4 to 8 slots, as fast as they have slots, up to half of them busy with turns that go on; then a burst of
 * equal tasks. A machine shares its speed among its turns, so the burst is over when the fullest machine that took part is.
 * Returns the burst's makespan as a multiple of the best that is possible.
 */
function burstRatio(strategy: StrategyName, seed: number): number {
  const random = seededRandom(seed);
  const below = (count: number) => Math.floor(random() * count);
  const slots = Array.from({ length: instanceCount }, () => slotChoices[below(slotChoices.length)] ?? 4);
  const busy = slots.map((count) => below(Math.ceil(count / 2)));
  const free = slots.reduce((sum, count, index) => sum + count - (busy[index] ?? 0), 0);
  const fleet = new Fleet(slots, strategy, seed);
  for (const [index, turns] of busy.entries()) {
    const filter = { instances: [instanceId(String(index).padStart(4, "0"))], hosts: [], labels: [] };
    for (let turn = 0; turn < turns; turn += 1) fleet.submit({ filter });
  }
  const before = fleet.placements.length;
  const count = Math.max(1, Math.floor(free * burstShare));
  for (let task = 0; task < count; task += 1) fleet.submit();
  const taken = new Map<string, number>();
  for (const { instanceId: id } of fleet.placements.slice(before)) taken.set(id, (taken.get(id) ?? 0) + 1);
  const endings = slots.map((speed, index) => {
    const more = taken.get(instanceId(String(index).padStart(4, "0"))) ?? 0;
    return more === 0 ? 0 : ((busy[index] ?? 0) + more) / speed;
  });
  return Math.max(...endings) / bestMakespan(slots, busy, count);
}

/** The earliest instant at which the machines together can have taken and ended that many equal tasks: tried out, one after the other. */
function bestMakespan(slots: readonly number[], busy: readonly number[], count: number): number {
  const instants = slots.flatMap((speed) => Array.from({ length: speed }, (_, turns) => (turns + 1) / speed)).sort((a, b) => a - b);
  const taken = (until: number) =>
    slots.reduce((sum, speed, index) => sum + Math.max(0, Math.floor(until * speed + 1e-9) - (busy[index] ?? 0)), 0);
  const first = instants.find((until) => taken(until) >= count);
  if (first === undefined) throw new Error("the burst is larger than what is free");
  return first;
}

export function meanBurstRatio(strategy: StrategyName, seeds: number): number {
  let sum = 0;
  for (let seed = 1; seed <= seeds; seed += 1) sum += burstRatio(strategy, seed);
  return sum / seeds;
}
