import { expect, test } from "vitest";
import { eventually } from "../helpers/eventually";
import { octoWorld } from "../helpers/octo-world";
import type { OpenCodeSource } from "../helpers/opencode-source";
import { ended, submit, taskOf, until } from "./tasks";

/** What a bridge promises about cost, over whatever OpenCode. */
export function costPromises(openCode: ((folder: string) => Promise<OpenCodeSource>) | undefined, timeoutMs: number): void {
  test("adds up what OpenCode reports, by task, instance, host and day, and keeps it through a kill", { timeout: timeoutMs }, async () => {
    await using world = await octoWorld(openCode ? { openCode } : {});
    const tasks = [await submit(world, "[[say:one two three]]"), await submit(world, "[[bash:true]] [[say:done]]")];
    const ends = [];
    for (const task of tasks) ends.push(await ended(world, task));
    const cost = ends.reduce((sum, { usage }) => sum + usage.cost, 0);
    const tokens = ends.reduce((sum, { usage }) => sum + usage.tokensIn + usage.tokensOut, 0);
    expect(cost).toBeGreaterThan(0);
    await world.startBridge();
    for (const by of ["day", "task", "instance", "host"] as const) {
      const { rows, total, today } = await world.client.call("get_costs", { by });
      expect(total.cost).toBeCloseTo(cost, 9);
      expect(total.tokensIn + total.tokensOut).toBe(tokens);
      expect(today.usage.cost).toBeCloseTo(cost, 9);
      expect(rows).toHaveLength(by === "task" ? 2 : 1);
    }
    const { rows } = await world.client.call("get_costs", { by: "task" });
    expect(rows.map(({ key }) => key).sort()).toEqual(tasks.map(({ id }) => id).sort());
    const { counts } = await world.client.call("get_status", {});
    expect(counts.costToday).toBeCloseTo(cost, 9);
    expect(counts.dropped).toBeGreaterThanOrEqual(0);
  });

  test("pauses the queue at the day's limit, says so, and goes on when a person lets it", { timeout: timeoutMs }, async () => {
    await using world = await octoWorld({ ...(openCode ? { openCode } : {}), config: { limits: { tokensPerDay: 1 } } });
    await ended(world, await submit(world, "[[say:hello]]"));
    const held = await submit(world, "[[say:later]]");
    const { pause } = await world.client.call("get_status", {});
    expect(pause).toMatch(/of 1 tokens used today$/);
    const { lines } = await world.client.call("why_task", { taskId: held.id });
    expect(lines[0]).toContain("the day's limit is reached");
    // Nor does the next bridge forget it.
    await world.startBridge();
    await eventually(async () => expect((await world.client.call("get_status", {})).pause).toBe(pause));
    expect((await taskOf(world, held.id)).state).toBe("queued");
    await world.client.call("allow_today", { tokens: 1_000_000_000 });
    await until(world, held, ({ state }) => expect(state).toBe("succeeded"));
    expect((await world.client.call("get_status", {})).pause).toBeUndefined();
  });
}
