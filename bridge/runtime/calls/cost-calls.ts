import type { CostKey, CostRow, TodayView } from "../../../shared/cost";
import { addUsage, noUsage } from "../../../shared/usage";
import { type Booking, runningBookings, usageToday } from "../../core/day";
import type { CoreState } from "../../core/state";
import { inert } from "../../inert";
import { OctoError } from "../../octo-error";
import { parseTask } from "../documents";
import type { BridgeCalls } from "../service";
import type { ServiceParts } from "../service-parts";

type CostCalls = Pick<BridgeCalls, "get_costs" | "allow_today">;

const rowsDefault = 50;

export function costCalls(parts: ServiceParts): CostCalls {
  const { engine, store, requests } = parts;
  return {
    async get_costs({ by, sinceDay = "", limit = rowsDefault }) {
      const stored = store.spent({ by, sinceDay }).map(({ key, name, attempts, ...usage }) => ({ key, name, attempts, usage }));
      const running = runningBookings(engine.state).filter(({ day }) => day >= sinceDay);
      const rows = sorted(
        by,
        running.reduce<readonly CostRow[]>((sums, booking) => withBooking(by, sums, booking), stored),
      );
      const total = rows.reduce((sum, { usage }) => addUsage(sum, usage), noUsage);
      return { rows: rows.slice(0, limit).map((row) => named(parts, by, row)), total, today: todayView(engine.state) };
    },

    allow_today: (params, { requestId }) =>
      requests
        .once(
          "allow_today",
          requestId,
          params,
          async (record) => {
            const { cost = 0, tokens = 0 } = params;
            const { dayCostMax, dayTokensMax } = parts.engine.state.policy;
            if (cost > 0 && dayCostMax === 0) throw new OctoError("LIMIT_NOT_SET", "no cost of a day is configured (limits.costPerDay)");
            if (tokens > 0 && dayTokensMax === 0)
              throw new OctoError("LIMIT_NOT_SET", "no tokens of a day are configured (limits.tokensPerDay)");
            await engine.command({ events: [{ kind: "day-allowed", more: { cost, tokens } }], record: record({}) });
            return {};
          },
          () => ({}),
        )
        .then(() => ({ today: todayView(engine.state) })),
  };
}

function todayView(state: CoreState): TodayView {
  const { day, policy } = state;
  return {
    day: day.name,
    usage: usageToday(state),
    tokensMax: policy.dayTokensMax === 0 ? 0 : policy.dayTokensMax + day.allowed.tokens,
    costMax: policy.dayCostMax === 0 ? 0 : policy.dayCostMax + day.allowed.cost,
    reached: day.reached,
  };
}

/** An attempt that a midnight cut in two is stored and runs: it counts once. */
function withBooking(by: CostKey, rows: readonly CostRow[], booking: Booking): readonly CostRow[] {
  const key = { day: booking.day, task: booking.taskId, instance: booking.instanceId, host: booking.host ?? "" }[by];
  const row = rows.find((each) => each.key === key) ?? { key, name: booking.instanceName, attempts: 0, usage: noUsage };
  const next = { ...row, attempts: row.attempts + 1, usage: addUsage(row.usage, booking.usage) };
  return [...rows.filter((each) => each.key !== key), next];
}

function sorted(by: CostKey, rows: readonly CostRow[]): readonly CostRow[] {
  const byKey = (a: CostRow, b: CostRow): number => (a.key < b.key ? -1 : 1);
  return [...rows].sort((a, b) => (by === "day" ? byKey(b, a) : b.usage.cost - a.usage.cost || byKey(a, b)));
}

function named({ engine, store }: ServiceParts, by: CostKey, row: CostRow): CostRow {
  if (by === "instance") return row;
  if (by !== "task") return { ...row, name: row.key };
  const live = [...engine.state.tasks.values()].find(({ id }) => id === row.key);
  const json = live ? undefined : store.task(row.key);
  const title = live?.title ?? (json === undefined ? "(forgotten)" : parseTask(json).title);
  return { ...row, name: inert(title) };
}
