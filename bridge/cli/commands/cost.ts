import { type Command, InvalidArgumentError, Option } from "commander";
import { type CostKey, type CostRow, costKeys, type TodayView } from "../../../shared/cost";
import type { Usage } from "../../../shared/task";
import { showCost, showCount } from "../../figures";
import { oneLine } from "../../inert";
import { action, type Cli } from "../cli";
import { durationMs, positiveNumber, wholeNumber } from "../option-values";
import type { Column } from "../table";

interface CostOptions {
  readonly by?: CostKey;
  readonly since?: string;
  readonly limit?: number;
  readonly allow?: number;
  readonly allowTokens?: number;
}

export function addCost(program: Command): void {
  program
    .command("cost")
    .description("show what tasks cost, by OpenCode's own figures; raise the limit of today")
    .addOption(new Option("--by <what>", "add up by").choices(costKeys).default("day"))
    .option("--since <when>", "from this day on: 2026-11-23, or 7d ago", sinceDay)
    .option("-n, --limit <n>", "rows", wholeNumber(1, 10_000))
    .option("--allow <dollars>", "let today cost so much more than limits.costPerDay", positiveNumber)
    .option("--allow-tokens <n>", "let today use so many tokens more than limits.tokensPerDay", wholeNumber(1, 1_000_000_000_000))
    .option("--json", "print JSON")
    .action(action(cost));
}

async function cost(cli: Cli, { by = "day", since, limit, allow, allowTokens }: CostOptions) {
  if (allow !== undefined || allowTokens !== undefined) {
    const { today } = await cli.client.call("allow_today", { cost: allow, tokens: allowTokens });
    return cli.print({ today }, () => todayLines(today));
  }
  const costs = await cli.client.call("get_costs", { by, sinceDay: since, limit });
  return cli.print(costs, async () => `${await costTable(cli, by, costs.rows, costs.total)}${todayLines(costs.today)}`);
}

/** A day of the calendar, or a time ago: the local day that it was then. */
function sinceDay(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  try {
    const then = new Date(Date.now() - durationMs(text));
    return [then.getFullYear(), then.getMonth() + 1, then.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
  } catch {
    throw new InvalidArgumentError("Give a day like 2026-11-23, or a time like 7d.");
  }
}

const titles: Readonly<Record<CostKey, string>> = { day: "DAY", task: "TASK", instance: "INSTANCE", host: "HOST" };

async function costTable(cli: Cli, by: CostKey, rows: readonly CostRow[], total: Usage): Promise<string> {
  if (rows.length === 0) return "nothing was used up\n";
  const hasNames = by === "task" || by === "instance";
  const columns: readonly Column[] = [
    { title: titles[by] },
    { title: "ATTEMPTS", align: "right" },
    { title: "TOKENS IN", align: "right" },
    { title: "OUT", align: "right" },
    { title: "COST", align: "right" },
    ...(hasNames ? [{ title: by === "task" ? "TITLE" : "NAME", flexible: true }] : []),
  ];
  const figures = ({ tokensIn, tokensOut, cost: dollars }: Usage) =>
    [showCount(tokensIn), showCount(tokensOut), showCost(dollars)].map((text) => ({ text }));
  const lines = rows.map(({ key, name, attempts, usage }) => [
    { text: key === "" ? "(unknown)" : oneLine(key) },
    { text: String(attempts) },
    ...figures(usage),
    ...(hasNames ? [{ text: oneLine(name) }] : []),
  ]);
  const { outStyle, columns: width } = cli.terminal;
  const sum = [{ text: "all", paint: outStyle.bold }, { text: "" }, ...figures(total)];
  return (await import("../table")).table(columns, [...lines, sum], { columns: width, paintTitle: outStyle.dim });
}

function todayLines({ usage, costMax, tokensMax, reached }: TodayView): string {
  const tokens = usage.tokensIn + usage.tokensOut;
  const ofCost = costMax > 0 ? ` of ${showCost(costMax)}` : "";
  const ofTokens = tokensMax > 0 ? ` of ${showCount(tokensMax)}` : "";
  const line = `today ${showCost(usage.cost)}${ofCost}, ${showCount(tokens)}${ofTokens} tokens\n`;
  return reached === undefined ? line : `${line}paused: ${oneLine(reached)}; the queue goes on at midnight, or with octo cost --allow\n`;
}
