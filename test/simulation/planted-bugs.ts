import type { Effect } from "../../bridge/core/effect";
import type { Event } from "../../bridge/core/event";
import { reduce } from "../../bridge/core/reduce";
import { createEngineClock, type EngineClock } from "../../bridge/runtime/engine-clock";

/** Rules of the design that a simulation can run without: it must notice. */
export const plantedBugs = ["no-incarnation-check", "effects-before-commit", "resend-without-reconcile", "time-asleep-counted"] as const;
export type PlantedBug = (typeof plantedBugs)[number];

/** The core, with the bug where it is one of the core's. */
export function reduceWith(planted: PlantedBug | undefined): typeof reduce {
  if (planted === "no-incarnation-check") return (state, event, now) => reduce(state, asOfNow(state, event), now);
  if (planted === "resend-without-reconcile") return resending;
  return reduce;
}

/** Late news of an earlier start are taken for news of the present one. */
function asOfNow(state: Parameters<typeof reduce>[0], event: Event): Event {
  if (!("incarnation" in event)) return event;
  return { ...event, incarnation: state.instances.get(event.instanceId)?.incarnation ?? event.incarnation };
}

/** Where the server should be asked what became of a prompt, it is taken not to have it. */
const resending: typeof reduce = (state, event, now) => {
  const transition = reduce(state, event, now);
  const asks = transition.effects.filter(isDoubt);
  if (asks.length === 0) return transition;
  let last = { ...transition, effects: transition.effects.filter((effect) => !isDoubt(effect)) };
  for (const effect of asks) {
    if (!("fence" in effect)) continue;
    const next = reduce(last.state, { kind: "turn-inspected", fence: effect.fence, report: { kind: "absent" } }, now);
    last = {
      state: next.state,
      effects: [...last.effects, ...next.effects],
      changedTasks: new Set([...last.changedTasks, ...next.changedTasks]),
      changedInstances: new Set([...last.changedInstances, ...next.changedInstances]),
      bookings: [...last.bookings, ...next.bookings],
      changedAsks: new Set([...last.changedAsks, ...next.changedAsks]),
      audits: [...last.audits, ...next.audits],
    };
  }
  return last;
};

function isDoubt(effect: Effect): boolean {
  return effect.kind === "inspect-turn" && effect.task.state.attempt.phase.kind === "doubtful";
}

export function engineClockWith(planted: PlantedBug | undefined): typeof createEngineClock {
  return planted === "time-asleep-counted" ? sleeplessClock : createEngineClock;
}

/** Counts all time, and knows of no gap. */
const sleeplessClock: typeof createEngineClock = (clock, startMs): EngineClock => {
  const startedAtMs = clock.epochMs();
  return {
    now: () => ({ ms: startMs + Math.max(0, clock.epochMs() - startedAtMs), epochMs: clock.epochMs() }),
    takeGapMs: () => 0,
  };
};
