// The bridge under load: 100 instances, 10,000 queued tasks, 500 long polls and 50 streams, then tasks as fast as they go.
// The instances are instant ones inside the bridge, so that what is seen is octo alone. Run: npm run bench -- load [--tasks 10000]
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Agent, request } from "undici";
import { z } from "zod";
import { defaultConfig } from "../../bridge/config/config";
import { type MethodName, type Methods, protocolVersion, routes } from "../../shared/protocol";
import { builtFixture } from "../helpers/built-program";
import { tempFolder } from "../helpers/temp-folder";
import { heading, verdict } from "./report";

const { values } = parseArgs({
  options: {
    tasks: { type: "string", default: "10000" },
    instances: { type: "string", default: "100" },
    polls: { type: "string", default: "500" },
    streams: { type: "string", default: "50" },
  },
  allowPositionals: true,
});
const tasks = Number(values.tasks);
const instances = Number(values.instances);
const turnMs = 200;
const { slots } = defaultConfig().instances;
/** At one call. */
const spawnMax = 64;
const answerTimeoutMs = 60_000;
const drainTimeoutMs = 300_000;

const figuresSchema = z.object({
  claims: z.number(),
  claimP99Ms: z.number(),
  claimWorstMs: z.number(),
  eventLoopP99Ms: z.number(),
  eventLoopWorstMs: z.number(),
  rssBytes: z.number(),
  cpuMs: z.number(),
});
const gotSchema = z.object({ polls: z.number(), messages: z.number(), cutOff: z.number() });
const answerSchema = z.looseObject({ ok: z.boolean() });
const countsSchema = z.object({
  counts: z.object({ queued: z.number(), running: z.number(), succeeded: z.number(), instancesReady: z.number() }),
});

await using temp = await tempFolder("octo-load");
const socketPath = join(temp.path, "bridge.sock");
const agent = new Agent({ connect: { socketPath }, connections: 4 });
const bridge = fork(await builtFixture("load-bridge"), [temp.path, String(turnMs)], { execArgv: [] });
await once(bridge, "message");

let requests = 0;

async function call<Name extends MethodName>(method: Name, params: Methods[Name]["params"]): Promise<void> {
  requests += 1;
  const body = JSON.stringify({ protocol: protocolVersion, requestId: `load-${requests}`, method, params });
  const answer = await request(`http://bridge${routes.rpc}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
    dispatcher: agent,
    headersTimeout: answerTimeoutMs,
  });
  const told = answerSchema.parse(await answer.body.json());
  if (!told.ok) throw new Error(`${method} was refused: ${JSON.stringify(told)}`);
}

async function counts() {
  const answer = await request(`http://bridge${routes.poll}`, { dispatcher: agent, headersTimeout: answerTimeoutMs });
  return countsSchema.parse(await answer.body.json()).counts;
}

async function ask<Shape>(child: ChildProcess, schema: z.ZodType<Shape>, what = "figures"): Promise<Shape> {
  const answered = once(child, "message", { signal: AbortSignal.timeout(answerTimeoutMs) });
  child.send(what);
  return schema.parse((await answered)[0]);
}

/** How long a client waits for its answers, one look after the other, of the kinds that people and programs ask for. */
async function probe(signal: AbortSignal): Promise<readonly number[]> {
  const tookMs: number[] = [];
  while (!signal.aborted) {
    const startMs = performance.now();
    if (tookMs.length % 3 === 0) await counts();
    else if (tookMs.length % 3 === 1) await call("list_tasks", { limit: 50, brief: true });
    else await call("list_opencode_servers", {});
    tookMs.push(performance.now() - startMs);
    await pause(20);
  }
  return tookMs.sort((a, b) => a - b);
}

try {
  const submitStartMs = performance.now();
  for (let done = 0; done < tasks; done += 50) {
    await Promise.all(
      Array.from({ length: 50 }, () => call("distribute_task", { prompt: "hello", directory: temp.path, isolation: "in-place" })),
    );
  }
  const submitSeconds = (performance.now() - submitStartMs) / 1_000;
  const clients = fork(await builtFixture("load-clients"), [socketPath, values.polls, values.streams]);
  await once(clients, "message");
  const before = await ask(bridge, figuresSchema, "begin");

  const enough = new AbortController();
  const probing = probe(enough.signal).catch(() => []);
  const startMs = performance.now();
  for (let left = instances; left > 0; left -= spawnMax) await call("spawn_opencode_server", { count: Math.min(left, spawnMax) });
  let figures = before;
  let { rssBytes } = before;
  let [claimWorstMs, eventLoopWorstMs] = [0, 0];
  for (;;) {
    await pause(500);
    figures = await ask(bridge, figuresSchema);
    rssBytes = Math.max(rssBytes, figures.rssBytes);
    claimWorstMs = Math.max(claimWorstMs, figures.claimWorstMs);
    eventLoopWorstMs = Math.max(eventLoopWorstMs, figures.eventLoopWorstMs);
    const { succeeded } = await counts();
    if (succeeded >= tasks) break;
    if (performance.now() - startMs > drainTimeoutMs) throw new Error(`${succeeded} of ${tasks} tasks after ${drainTimeoutMs} ms`);
  }
  const seconds = (performance.now() - startMs) / 1_000;
  enough.abort();
  const api = await probing;
  const got = await ask(clients, gotSchema);
  clients.disconnect();

  heading(`${instances} instances, ${tasks} tasks, ${values.polls} long polls, ${values.streams} streams (turns of ${turnMs} ms)`);
  const ceiling = (instances * slots) / (turnMs / 1_000);
  console.log(`  ${figures.claims} claims; ${instances} instances of ${slots} slots end ${ceiling} turns of ${turnMs} ms a second at most`);
  console.log(`  the clients got ${got.polls} snapshots and ${got.messages} messages, ${got.cutOff} were cut off`);
  const at = (share: number): number => api[Math.floor(api.length * share)] ?? Number.NaN;
  console.log(`  API median ${at(0.5).toFixed(1)} ms in ${api.length} requests`);
  verdict("API p99", { seen: at(0.99), atMost: 100, unit: "ms" });
  verdict("claim p99", { seen: figures.claimP99Ms, atMost: 5, unit: "ms" });
  verdict("claim p99 of the worst half second", { seen: claimWorstMs, unit: "ms" });
  verdict("tasks a second", { seen: tasks / seconds, atLeast: 1_000, unit: "" });
  verdict("CPU time of the bridge a task", { seen: (figures.cpuMs - before.cpuMs) / tasks, unit: "ms" });
  verdict("tasks accepted a second", { seen: tasks / submitSeconds, unit: "" });
  verdict("memory of the bridge (RSS)", { seen: rssBytes / 1024 ** 2, atMost: 200, unit: "MiB" });
  verdict("event loop delay p99", { seen: figures.eventLoopP99Ms, atMost: 50, unit: "ms" });
  verdict("event loop delay p99 of the worst half second", { seen: eventLoopWorstMs, unit: "ms" });
} finally {
  bridge.disconnect();
  await once(bridge, "exit");
  await agent.destroy();
}
