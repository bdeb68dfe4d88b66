import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { CostResult, TodayView } from "../../shared/cost";
import type { TempFolder } from "../helpers/temp-folder";
import { builtOcto, type Octo, octo } from "./octo";

let built: TempFolder;
let cli: Octo;
beforeAll(async () => {
  built = await builtOcto();
});
afterAll(() => built[Symbol.asyncDispose]());
beforeEach(async () => {
  cli = await octo(built);
});
afterEach(() => cli[Symbol.asyncDispose]());

const today: TodayView = { day: "2026-11-23", usage: { tokensIn: 1_500, tokensOut: 500, cost: 5.25 }, tokensMax: 0, costMax: 5 };
const costs: CostResult = {
  rows: [
    { key: "tsk_b", name: "fix \u001b[31mit", attempts: 2, usage: { tokensIn: 12_345, tokensOut: 678, cost: 1.5 } },
    { key: "tsk_a", name: "short", attempts: 1, usage: { tokensIn: 1, tokensOut: 2, cost: 0 } },
  ],
  total: { tokensIn: 12_346, tokensOut: 680, cost: 1.5 },
  today: { ...today, reached: "$5.25 of $5.00 used today" },
};

test("shows what was used up by task, the sum, and the day with its limit", async () => {
  cli.service.script({ get_costs: async () => costs });
  const { code, stdout } = await cli.run(["cost", "--by", "task", "--since", "2026-11-01", "-n", "10"]);
  expect(code).toBe(0);
  expect(stdout).toContain("tsk_b");
  expect(stdout).toMatch(/tsk_b +2 +12\.3k +678 +\$1\.50 +fix it/);
  expect(stdout).toMatch(/all +12\.3k +680 +\$1\.50/);
  expect(stdout).toContain("today $5.25 of $5.00, 2.0k tokens");
  expect(stdout).toContain("paused: $5.25 of $5.00 used today");
  expect(cli.service.received.at(-1)).toMatchObject({ method: "get_costs", params: { by: "task", sinceDay: "2026-11-01", limit: 10 } });
});

test("gives the same as JSON", async () => {
  cli.service.script({ get_costs: async () => costs });
  const { stdout } = await cli.run(["cost", "--json"]);
  expect(JSON.parse(stdout)).toEqual(costs);
});

test("lets today cost more", async () => {
  cli.service.script({ allow_today: async () => ({ today }) });
  const { code, stdout } = await cli.run(["cost", "--allow", "2.5"]);
  expect([code, stdout]).toEqual([0, "today $5.25 of $5.00, 2.0k tokens\n"]);
  expect(cli.service.received.at(-1)).toMatchObject({ method: "allow_today", params: { cost: 2.5 } });
});

test.each([
  [["cost", "--by", "week"], "week"],
  [["cost", "--since", "yesterday"], "Give a day like 2026-11-23, or a time like 7d."],
  [["cost", "--allow", "-1"], "Give a number above 0."],
])("refuses %j before anything is asked", async (args, message) => {
  const { code, stderr } = await cli.run(args);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(cli.service.received).toEqual([]);
});

test("shows what hooks did, with nothing of theirs that a terminal would obey", async () => {
  const run = {
    at: "2026-11-23T10:00:00.000Z",
    id: "task.failed/tsk_a/1",
    on: "task.failed",
    command: ["tell", "me"],
    outcome: "timed-out",
  };
  cli.service.script({ hook_runs: async () => ({ runs: [{ ...run, detail: "SIGKILL", durationMs: 30_000, output: "a\u001b[2J\nb\n" }] }) });
  const { code, stdout } = await cli.run(["logs", "hooks"]);
  expect([code, stdout]).toEqual([0, "2026-11-23T10:00:00.000Z task.failed tell me: timed-out (SIGKILL, 30.0s)\n  a\n  b\n"]);
});
