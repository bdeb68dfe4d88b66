import { afterAll, beforeAll, expect, test } from "vitest";
import { parseMetrics } from "../../bridge/cli/parse-metrics";
import { taskId } from "../fakes/samples";
import { eventually } from "../helpers/eventually";
import { type OctoWorld, octoWorld } from "../helpers/octo-world";
import { faultsOfMetrics } from "../metrics/grammar";
import { ended, instanceIn, refused, spawned, submit } from "./tasks";

// What the bridge tells of itself, on the built bridge and fake servers.

let world: OctoWorld;
beforeAll(async () => {
  world = await octoWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

async function metrics(): Promise<(name: string, labels?: Readonly<Record<string, string>>) => number | null | undefined> {
  const text = await world.client.metrics();
  expect(faultsOfMetrics(text)).toEqual([]);
  const samples = parseMetrics(text);
  return (name, labels = {}) =>
    samples.find((sample) => sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
      ?.value;
}

test("a bridge without work has metrics that a scraper can read", async () => {
  const value = await metrics();
  expect(value("octo_tasks_queued")).toBe(0);
  expect(value("octo_instances", { state: "ready" })).toBe(0);
  expect(value("process_open_fds")).toBeGreaterThan(5);
  expect(value("process_max_fds")).toBeGreaterThan(64);
  expect(value("process_resident_memory_bytes")).toBeGreaterThan(20_000_000);
});

test("tasks, attempts, turns, claims, commits and requests are counted and timed", async () => {
  const server = await spawned(world);
  for (const task of [await submit(world, "[[say:one]]"), await submit(world, "[[say:two]]")]) await ended(world, task);
  await ended(world, await submit(world, "[[status:401:9]]"), "failed");
  await refused(world.client.call("task_diff", { taskId: taskId("gone") }));
  const value = await metrics();
  expect(value("octo_tasks_submitted_total")).toBe(3);
  expect(value("octo_tasks_ended_total", { state: "succeeded" })).toBe(2);
  expect(value("octo_tasks_ended_total", { state: "failed" })).toBe(1);
  expect(value("octo_attempts_total", { outcome: "succeeded" })).toBe(2);
  expect(value("octo_attempts_total", { outcome: "failed" })).toBe(1);
  for (const name of ["octo_task_queue_seconds", "octo_attempt_start_seconds", "octo_turn_seconds", "octo_claim_seconds"]) {
    expect(value(`${name}_count`), name).toBe(3);
  }
  expect(value("octo_commit_seconds_count")).toBeGreaterThan(10);
  expect(value("octo_events_total", { kind: "task-submitted" })).toBe(3);
  expect(value("octo_tokens_total", { direction: "out" })).toBeGreaterThan(0);
  expect(value("octo_api_requests_total", { method: "task_diff", result: "TASK_UNKNOWN" })).toBe(1);
  expect(value("octo_api_request_seconds_count", { method: "distribute_task" })).toBe(3);
  expect(value("octo_slots")).toBe(server.slots);
  expect(value("octo_instance_starts_total")).toBe(1);
  expect(value("octo_event_loop_lag_seconds", { quantile: "0.99" })).toBeGreaterThanOrEqual(0);
});

test("a server that dies is counted, and its restart too", async () => {
  const { pid } = await instanceIn(world, "ready");
  process.kill(pid ?? 0, "SIGKILL");
  await eventually(
    async () => {
      const value = await metrics();
      expect(value("octo_instance_exits_total")).toBe(1);
      expect(value("octo_instance_restarts_total")).toBe(1);
    },
    { timeoutMs: world.openCode.patienceMs },
  );
});

test("the next bridge counts from nothing and does not count what was before", async () => {
  // Else its start would go on under the next bridge, and be counted there.
  await instanceIn(world, "ready");
  await world.startBridge();
  await instanceIn(world, "ready");
  const value = await metrics();
  expect(value("octo_tasks_submitted_total")).toBe(0);
  expect(value("octo_attempts_total", { outcome: "succeeded" })).toBeUndefined();
  expect(value("octo_instance_starts_total")).toBe(0);
  expect(value("octo_instances", { state: "ready" })).toBe(1);
});
