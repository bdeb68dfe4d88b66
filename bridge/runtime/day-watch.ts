import { addUsage, noUsage } from "../../shared/usage";
import { type Day, noDay } from "../core/day";
import type { Event } from "../core/event";
import type { Clock } from "../ports/clock";
import type { Store } from "../ports/store";
import { localDay, untilMidnightMs } from "./calendar";

/** The clock may be set, and the time zone may change, at any time; a sleeping machine wakes up on another day. */
const lookEveryMs = 5 * 60_000;

/** A day that the store may know something of already: the clock may go back. */
export function dayAsStored(store: Pick<Store, "spent">, name: string): Day {
  const sums = store.spent({ by: "day", sinceDay: name }).filter(({ key }) => key === name);
  return {
    ...noDay,
    name,
    booked: sums.reduce((sum, { tokensIn, tokensOut, cost }) => addUsage(sum, { tokensIn, tokensOut, cost }), noUsage),
  };
}

/** Tells the core when the user's calendar turns, as near to midnight as timers go; the returned function ends it. */
export function watchDay(parts: {
  readonly clock: Clock;
  readonly store: Pick<Store, "spent">;
  readonly day: () => Day;
  readonly post: (event: Event) => void;
}): () => void {
  const { clock, store, day, post } = parts;
  let cancel = (): void => undefined;
  look();
  return () => cancel();

  function look(): void {
    const now = clock.epochMs();
    const name = localDay(now);
    if (day().name !== name) post({ kind: "day-began", day: dayAsStored(store, name) });
    cancel = clock.after(Math.min(untilMidnightMs(now) + 1, lookEveryMs), look);
  }
}
