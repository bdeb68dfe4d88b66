// From octo's call to the prompt on the wire, beside a client that does the same by hand; and from the turn's end to `succeeded`.
// On the fake server, so that only octo's own time is seen. Run: npm run bench -- wire [--pairs 50]
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { request } from "undici";
import { z } from "zod";
import { follow } from "../../bridge/cli/follow";
import type { Isolation } from "../../shared/task";
import { builtFixture } from "../helpers/built-program";
import { endWithUs } from "../helpers/end-with-us";
import { fakeOpenCodeCommand } from "../helpers/fake-opencode-command";
import { startServerProcess } from "../helpers/server-process";
import { tempFolder } from "../helpers/temp-folder";
import { authorizationOf } from "./first-words";
import { markName, markOf } from "./process-cost";
import { heading, median, verdict } from "./report";
import { makeRepository, roundTimeMaxMs, wayEnvironment } from "./way";
import { type OctoBench, startOcto } from "./way-octo";

const goalMs = 5;
const { values } = parseArgs({ options: { pairs: { type: "string", default: "50" } }, allowPositionals: true });
const pairs = Number(values.pairs);
const password = "bench";
const authorization = authorizationOf(password);
const sessionSchema = z.object({ id: z.string() });
const lineSchema = z.object({ atEpochMs: z.number(), method: z.string(), path: z.string() });

const nowMs = (): number => performance.timeOrigin + performance.now();

/** When the requests with this ending arrived, in order. */
async function arrivals(log: string, ending: string): Promise<readonly number[]> {
  const lines = (await readFile(log, "utf8")).trim().split("\n");
  return lines
    .map((line) => lineSchema.parse(JSON.parse(line)))
    .flatMap(({ atEpochMs, path }) => (path.endsWith(ending) ? [atEpochMs] : []));
}

/** A session and a prompt by hand; what the server was asked when is in its log. */
async function byHand(url: string, directory: string): Promise<{ readonly startMs: number; readonly promptMs: number }> {
  const post = (path: string, body: unknown) =>
    request(`${url}${path}?directory=${encodeURIComponent(directory)}`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const startMs = nowMs();
  const session = sessionSchema.parse(await (await post("/session", { title: "bench" })).body.json());
  const promptMs = nowMs();
  await (await post(`/session/${session.id}/prompt_async`, { parts: [{ type: "text", text: "hello" }] })).body.dump();
  return { startMs, promptMs };
}

async function byOcto(
  octo: OctoBench,
  directory: string,
  isolation: Isolation,
): Promise<{ readonly startMs: number; readonly endMs: number }> {
  const startMs = nowMs();
  const { task } = await octo.client.call("distribute_task", { prompt: "hello", directory, isolation });
  const signal = AbortSignal.timeout(roundTimeMaxMs);
  const nothing = () => undefined;
  const handlers = { onTask: nothing, onAsks: nothing, onOutput: nothing, onReconnect: nothing };
  const ended = await follow({ client: octo.client, taskIds: [task.id], output: false, signal, ...handlers });
  if (ended?.[0]?.state !== "succeeded") throw new Error(`${task.id}: ${ended?.[0]?.error?.message ?? "did not succeed"}`);
  return { startMs, endMs: nowMs() };
}

endWithUs({ mark: `${markName}=${markOf("wire")}` });
await using temp = await tempFolder("octo-wire");
const repository = await makeRepository(join(temp.path, "repository"));
const command = [process.execPath, await builtFixture("wire-recorder"), ...(await fakeOpenCodeCommand())] as const;
const logs = { octo: join(temp.path, "octo.jsonl"), hand: join(temp.path, "hand.jsonl") };
const parts = { folder: temp.path, repository, program: command[0], standInUrl: "http://127.0.0.1:1" };
const environment = { ...wayEnvironment(parts, markOf("wire")), WIRE_LOG: logs.hand, OPENCODE_SERVER_PASSWORD: password };
await using server = await startServerProcess({ command, environment, cwd: temp.path, port: 0 });
await using octo = await startOcto({ ...parts, name: "wire", instances: 1, slots: 8, command, environment: { WIRE_LOG: logs.octo } });

for (const isolation of ["in-place", "worktree"] as const) {
  const hand: { readonly startMs: number; readonly promptMs: number }[] = [];
  const own: { readonly startMs: number; readonly endMs: number }[] = [];
  const before = await count();
  for (let pair = -3; pair < pairs; pair += 1) {
    hand.push(await byHand(server.url, repository));
    own.push(await byOcto(octo, repository, isolation));
  }
  await report(isolation, hand.slice(3), own.slice(3), before + 3);
}

async function count(): Promise<number> {
  return (await readFile(logs.hand, "utf8").catch(() => "")) === "" ? 0 : (await arrivals(logs.hand, "/prompt_async")).length;
}

async function report(
  isolation: Isolation,
  hand: readonly { readonly startMs: number; readonly promptMs: number }[],
  own: readonly { readonly startMs: number; readonly endMs: number }[],
  from: number,
): Promise<void> {
  const handArrivals = (await arrivals(logs.hand, "/prompt_async")).slice(from);
  const octoArrivals = (await arrivals(logs.octo, "/prompt_async")).slice(from);
  const at = (times: readonly number[], index: number) => times[index] ?? Number.NaN;
  const direct = median(hand.map(({ promptMs }, index) => at(handArrivals, index) - promptMs));
  const withSession = median(hand.map(({ startMs }, index) => at(handArrivals, index) - startMs));
  const submit = median(own.map(({ startMs }, index) => at(octoArrivals, index) - startMs));
  const after = median(own.map(({ endMs }, index) => endMs - at(octoArrivals, index)));
  heading(`Submit to the prompt on the wire, ${isolation}: medians of ${pairs} pairs`);
  console.log(`  by hand: POST prompt_async ${direct.toFixed(2)} ms; with its POST session before ${withSession.toFixed(2)} ms`);
  console.log(
    `  octo: ${submit.toFixed(2)} ms; from the wire to "succeeded" at the client ${after.toFixed(2)} ms (the fake's turn included)`,
  );
  const goal = isolation === "in-place" ? { atMost: goalMs } : {};
  verdict("octo, minus session and prompt by hand", { seen: submit - withSession, ...goal, unit: "ms" });
  verdict("octo, minus the POST of the prompt alone", { seen: submit - direct, ...goal, unit: "ms" });
}
