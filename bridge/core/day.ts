import type { HostId, InstanceId, TaskId } from "../../shared/ids";
import type { Usage } from "../../shared/task";
import { addUsage, noUsage, withoutUsage } from "../../shared/usage";
import type { Draft } from "./draft";
import type { Event } from "./event";
import type { Instance } from "./instance";
import type { Policy } from "./policy";
import type { ActiveTask } from "./task";
import type { TaskTable } from "./task-table";

/** What may be used up on one day, tokens and US dollars. */
export interface DayAmount {
  readonly tokens: number;
  readonly cost: number;
}

/** The day that usage is booked on. Which one it is comes from outside: the core knows no time zone. */
export interface Day {
  /** `2026-11-23`, of the user's own calendar; "" before any was named. */
  readonly name: string;
  /** Of attempts that ended on it, and of those that a midnight cut in two. */
  readonly booked: Usage;
  /** On top of the limits, for this day alone: a person said so. */
  readonly allowed: DayAmount;
  /** Why nothing is placed any more on this day. Once true it stays, until a person or the next day changes that. */
  readonly reached?: string | undefined;
}

/** What one attempt used up on one day. */
export interface Booking {
  readonly day: string;
  readonly taskId: TaskId;
  readonly attempt: number;
  readonly instanceId: InstanceId;
  readonly instanceName: string;
  /** Unknown when the instance was removed meanwhile. */
  readonly host?: HostId | undefined;
  readonly usage: Usage;
}

export const noDay: Day = { name: "", booked: noUsage, allowed: { tokens: 0, cost: 0 } };

/** All that was used up today, by running attempts too. */
export function usageToday({ day, tasks }: { readonly day: Day; readonly tasks: TaskTable }): Usage {
  return tasks.active().reduce((sum, task) => addUsage(sum, unbooked(task)), day.booked);
}

function unbooked({ state: { attempt } }: ActiveTask): Usage {
  return withoutUsage(attempt.usage, attempt.booked ?? noUsage);
}

/** What running attempts used up and nobody has booked yet. */
export function runningBookings(state: BookedState & { readonly tasks: TaskTable }): readonly Booking[] {
  return state.tasks.active().flatMap((task) => bookingOf(state, task) ?? []);
}

/** Books what the attempt used up and nobody has booked yet. */
export function bookUsage(draft: Draft, task: ActiveTask): void {
  const booking = bookingOf(draft, task);
  if (booking) draft.book(booking);
}

interface BookedState {
  readonly day: Day;
  readonly instances: ReadonlyMap<InstanceId, Instance>;
}

function bookingOf({ day, instances }: BookedState, task: ActiveTask): Booking | undefined {
  const usage = unbooked(task);
  if (usage.tokensIn === 0 && usage.tokensOut === 0 && usage.cost === 0) return undefined;
  const { number, instanceId } = task.state.attempt;
  const instance = instances.get(instanceId);
  const place = { instanceId, instanceName: instance?.name ?? instanceId, host: instance?.host };
  return { day: day.name, taskId: task.id, attempt: number, ...place, usage };
}

/** Midnight, or another time zone: what running attempts used up until now stays with the day before. */
export function onDayBegan(draft: Draft, { day }: Extract<Event, { kind: "day-began" }>): void {
  if (day.name === draft.day.name) return;
  for (const task of draft.tasks.active()) {
    bookUsage(draft, task);
    const { attempt } = task.state;
    if (attempt.usage !== attempt.booked) {
      draft.putTask({ ...task, state: { kind: "active", attempt: { ...attempt, booked: attempt.usage } } });
    }
  }
  draft.putDay(day);
  draft.reschedule = true;
}

/** A person lets more be used up today. */
export function onDayAllowed(draft: Draft, { more }: Extract<Event, { kind: "day-allowed" }>): void {
  const { allowed } = draft.day;
  const next = { ...draft.day, allowed: { tokens: allowed.tokens + more.tokens, cost: allowed.cost + more.cost } };
  draft.putDay({ ...next, reached: limitReached({ policy: draft.policy, day: next, tasks: draft.tasks }) });
  draft.reschedule = true;
}

/** After a start of the bridge, maybe with other limits. */
export function recoverDay(draft: Draft): void {
  const reached = limitReached(draft);
  if (reached !== draft.day.reached) draft.putDay({ ...draft.day, reached });
}

/** Closes the day once its limit is reached: what runs goes on, nothing more is placed. */
export function closeDay(draft: Draft): void {
  if (draft.day.reached !== undefined) return;
  const reached = limitReached(draft);
  if (reached !== undefined) draft.putDay({ ...draft.day, reached });
}

/** The limit that today's usage has reached, said for people. */
function limitReached(today: {
  readonly policy: Pick<Policy, "dayTokensMax" | "dayCostMax">;
  readonly day: Day;
  readonly tasks: TaskTable;
}): string | undefined {
  const { dayTokensMax, dayCostMax } = today.policy;
  if (dayTokensMax === 0 && dayCostMax === 0) return undefined;
  const { allowed } = today.day;
  const used = usageToday(today);
  const costMax = dayCostMax + allowed.cost;
  if (dayCostMax > 0 && used.cost >= costMax) return `$${used.cost.toFixed(2)} of $${costMax.toFixed(2)} used today`;
  const tokensMax = dayTokensMax + allowed.tokens;
  const tokens = used.tokensIn + used.tokensOut;
  return dayTokensMax > 0 && tokens >= tokensMax ? `${tokens} of ${tokensMax} tokens used today` : undefined;
}
