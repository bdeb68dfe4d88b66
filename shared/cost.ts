import type { Usage } from "./task";

export const costKeys = ["day", "task", "instance", "host"] as const;
/** By what cost is added up. */
export type CostKey = (typeof costKeys)[number];

/** What was used up under one key: a day (`2026-11-23`), or the id of a task, an instance or a host. */
export interface CostRow {
  readonly key: string;
  /** For people: the title of a task, the name of an instance; else the key. */
  readonly name: string;
  readonly attempts: number;
  readonly usage: Usage;
}

/** The day as it stands. */
export interface TodayView {
  /** Of the user's calendar. */
  readonly day: string;
  /** Of running attempts too. */
  readonly usage: Usage;
  /** With what a person added for today; 0: no limit. */
  readonly tokensMax: number;
  readonly costMax: number;
  /** Why nothing is placed today any more. */
  readonly reached?: string | undefined;
}

export interface CostQuery {
  readonly by: CostKey;
  /** The first day that counts, `2026-11-23`; all when absent. */
  readonly sinceDay?: string | undefined;
  readonly limit?: number | undefined;
}

export interface CostResult {
  readonly rows: readonly CostRow[];
  readonly total: Usage;
  readonly today: TodayView;
}

/** On top of the limits of a day, today; one of the two at least. */
export interface MoreToday {
  /** US dollars. */
  readonly cost?: number | undefined;
  readonly tokens?: number | undefined;
}
