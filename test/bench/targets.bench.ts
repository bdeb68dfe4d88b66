// The first specification's targets, on real OpenCode: what a person waits for, and what of it is OpenCode's own.
// Frames have their own benchmarks (board, pane). Run: npm run bench -- targets [--rounds 5]
import { join } from "node:path";
import { parseArgs } from "node:util";
import { request } from "undici";
import { httpText } from "../../bridge/cli/http-call";
import { readStream } from "../../bridge/cli/stream-client";
import { octoFolders } from "../../bridge/folders";
import type { InstanceView } from "../../shared/instance";
import { routes } from "../../shared/protocol";
import { submit, until } from "../e2e/tasks";
import { eventually } from "../helpers/eventually";
import { octoWorld } from "../helpers/octo-world";
import { realOpenCode } from "../helpers/real-opencode-source";
import { startServerProcess } from "../helpers/server-process";
import { authorizationOf, FirstWords, listenByHand } from "./first-words";
import { pssBytes } from "./process-cost";
import { heading, median, percentile, verdict } from "./report";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "5" } }, allowPositionals: true });
const rounds = Number(values.rounds);
const requests = 1_000;
const words = 50;
const instancesHeld = 4;
const turnTimeoutMs = 60_000;
const megabyteBytes = 1024 ** 2;

// Else the benchmark would be held back as a client that runs away.
await using world = await octoWorld({ openCode: realOpenCode, config: { api: { requestsPerSecond: 10_000 } } });
const { socketFile } = octoFolders(world.environment);
const { command, environment } = world.openCode;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

async function instances(): Promise<readonly InstanceView[]> {
  return (await world.client.call("list_opencode_servers", {})).instances;
}

function ready(count: number): Promise<void> {
  return eventually(
    async () => {
      const seen = (await instances()).filter(({ state }) => state === "ready").length;
      if (seen !== count) throw new Error(`${seen} of ${count} are ready`);
    },
    { timeoutMs: turnTimeoutMs, intervalMs: 5 },
  );
}

/** OpenCode alone, until it answers; in the same home, with a database of its own as octo gives one to each new instance. */
async function startBare(round: number): Promise<() => Promise<void>> {
  const [program = "", ...rest] = command;
  const server = await startServerProcess({
    command: [program, ...rest],
    environment: {
      ...world.environment,
      ...environment,
      OPENCODE_SERVER_PASSWORD: "bench",
      OPENCODE_DB: join(world.folder, `bare-${round}.db`),
    },
    cwd: world.repository,
  });
  await (await request(`${server.url}/global/health`, { headers: { authorization: authorizationOf("bench") } })).body.dump();
  return () => server.kill();
}

heading(`A server, from the request to ready, ${rounds} rounds`);
await world.client.call("spawn_opencode_server", { count: 1 });
await ready(1);
const [bare, own]: [number[], number[]] = [[], []];
for (let round = 0; round < rounds; round += 1) {
  let stop: () => Promise<void> = () => Promise.resolve();
  bare.push(
    await timed(async () => {
      stop = await startBare(round);
    }),
  );
  await stop();
  const startMs = performance.now();
  const { instances: spawned } = await world.client.call("spawn_opencode_server", { count: 1 });
  await ready(2);
  own.push(performance.now() - startMs);
  for (const { id } of spawned) await world.client.call("stop_instance", { instanceId: id });
  await ready(1);
}
verdict("OpenCode alone, until it answers, median", { seen: median(bare), unit: "ms" });
verdict("an instance of octo, until it is ready, median", { seen: median(own), atMost: 2_000, unit: "ms" });
verdict("octo's own share", { seen: median(own) - median(bare), unit: "ms" });

heading("What an instance costs in memory (PSS)");
const bridgePid = world.bridge().pid;
const bridgeBefore = await pssBytes(bridgePid);
await world.client.call("spawn_opencode_server", { count: instancesHeld - 1 });
await ready(instancesHeld);
const warmUps = await Promise.all(
  (await instances())
    .filter(({ state }) => state === "ready")
    .map(({ id }) => submit(world, "[[say:warm]]", { isolation: "in-place", filter: { instances: [id] } })),
);
for (const task of warmUps) await until(world, task, succeeded);
const bridgeAfter = await pssBytes(bridgePid);
const held = (await instances()).filter(({ state }) => state === "ready");
const servers = await Promise.all(held.map(({ pid }) => pssBytes(pid ?? 0)));
const slots = held[0]?.slots ?? 1;
verdict("octo's own share an instance", {
  seen: (bridgeAfter - bridgeBefore) / (instancesHeld - 1) / megabyteBytes,
  atMost: 50,
  unit: "MiB",
});
verdict("the bridge, in all", { seen: bridgeAfter / megabyteBytes, unit: "MiB" });
verdict("an OpenCode server after one turn, median", { seen: median(servers) / megabyteBytes, unit: "MiB" });
verdict(`the same for each of its ${slots} slots`, { seen: median(servers) / slots / megabyteBytes, unit: "MiB" });

heading(`An answer of the API, ${requests} of each`);
const polls: number[] = [];
const lists: number[] = [];
for (let index = 0; index < requests; index += 1) {
  polls.push(await timed(() => httpText({ socketPath: socketFile, method: "GET", path: routes.poll, timeoutMs: turnTimeoutMs })));
  lists.push(await timed(() => world.client.call("list_tasks", { all: true })));
}
for (const [name, seen] of [["status", polls] as const, ["tasks", lists] as const]) {
  verdict(`${name}, median`, { seen: median(seen), unit: "ms" });
  verdict(`${name}, p99`, { seen: percentile(seen, 0.99), atMost: 100, unit: "ms" });
}

heading(`An event, from OpenCode's stream to a client of octo, ${words} words of one turn`);
const [first] = held;
if (!first) throw new Error("no instance is ready");
const done = new AbortController();
const attach = await httpText({
  socketPath: socketFile,
  method: "GET",
  path: `${routes.paneAttach}?target=${first.id}`,
  timeoutMs: 20_000,
});
const password = /^password=(.*)$/m.exec(attach)?.[1] ?? "";
const byHand = await listenByHand({ url: `http://127.0.0.1:${first.port}`, password }, done.signal);
const speaking = await submit(world, `[[slow:${words}:100]]`, { isolation: "in-place", filter: { instances: [first.id] } });
const byOcto = new FirstWords();
const reading = readStream({
  socketPath: socketFile,
  output: speaking.id,
  signal: done.signal,
  receive: (message) => {
    if (message.kind === "output" && message.entry.kind === "text") byOcto.take(message.entry.text);
  },
});
await until(world, speaking, succeeded);
done.abort();
await reading;
const delays = [...byOcto.atMs].flatMap(([word, atMs]) => {
  const earlier = byHand.atMs.get(word);
  return earlier === undefined ? [] : [atMs - earlier];
});
if (delays.length < words / 2) throw new Error(`only ${delays.length} words were seen on both sides`);
verdict("later than a client of OpenCode itself, median", { seen: median(delays), unit: "ms" });
verdict("later than a client of OpenCode itself, p99", { seen: percentile(delays, 0.99), atMost: 50, unit: "ms" });

function succeeded({ state, error }: { readonly state: string; readonly error?: { readonly message: string } | undefined }): void {
  if (state !== "succeeded") throw new Error(`${state}: ${error?.message ?? ""}`);
}
