import { execFile } from "node:child_process";
import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { z } from "zod";
import { octoFolders } from "../../bridge/folders";
import { eventually } from "../helpers/eventually";
import { type GuiWorld, guiWorld } from "../plugin/gui-world";
import { lua, skipReason, type WezTerm } from "../plugin/wezterm";

// How long the way is from a change in OpenCode to the status line, and from a line entered in WezTerm to the task; beside them a bare
// curl long poll on the same socket in the same run, which no plugin can beat. Run: npx tsx test/bench/link.bench.ts [ROUNDS]

const rounds = Number(process.argv[2] ?? 30);
const run = promisify(execFile);
const statusSchema = z.looseObject({ revision: z.number(), counts: z.looseObject({ running: z.number(), queued: z.number() }) });
type Status = z.infer<typeof statusSchema>;
type Poll = (path: string) => Promise<unknown>;

interface Ways {
  /** A connection that is kept open: no process has to start. The others are measured against it. */
  readonly kept: Poll;
  readonly curl: Poll;
}

function waysTo(socketPath: string): Ways {
  const agent = new Agent({ keepAlive: true });
  return {
    kept: (path) =>
      new Promise((resolve, reject) => {
        const asked = request({ socketPath, path, agent }, (response) => {
          text(response).then((body) => resolve(JSON.parse(body)), reject);
        });
        asked.once("error", reject).end();
      }),
    curl: async (path) => JSON.parse((await run("curl", ["-q", "-sS", "--unix-socket", socketPath, `http://octo${path}`])).stdout),
  };
}

/** When this way of polling has seen a status that fits (ms). */
async function seen(poll: Poll, fits: (status: Status) => boolean): Promise<number> {
  let path = "/v1/poll";
  for (;;) {
    const status = statusSchema.parse(await poll(path));
    if (fits(status)) return performance.now();
    path = `/v1/poll?since=${status.revision}&waitMs=20000`;
  }
}

const isBusy = ({ counts }: Status): boolean => counts.running > 0;
const isIdle = ({ counts }: Status): boolean => counts.running + counts.queued === 0;

async function changeToStatus(
  { world }: GuiWorld,
  gui: WezTerm,
  { kept, curl }: Ways,
): Promise<{ readonly curl: number; readonly status: number }> {
  await world.client.call("distribute_task", { prompt: "[[slow:4:80]]", directory: world.repository });
  await seen(kept, isBusy);
  // The server's turn ends by itself: one change, followed in three ways.
  const [at, curlAt] = await Promise.all([seen(kept, isIdle), seen(curl, isIdle)]);
  const drawnAt = await eventually(
    () => {
      const drawn = gui.statuses.at(-1);
      if (drawn === undefined || drawn.text.includes("▶") || drawn.text.includes("⏳")) throw new Error("not drawn yet");
      return drawn.atMs;
    },
    { intervalMs: 1 },
  );
  return { curl: curlAt - at, status: drawnAt - at };
}

async function lineToTask({ world }: GuiWorld, gui: WezTerm, { kept }: Ways): Promise<{ readonly line: number; readonly client: number }> {
  const forms = gui.overlays.length;
  await gui.key("d");
  await gui.nextOverlay(forms);
  const hasTask = ({ counts }: Status): boolean => counts.running + counts.queued > 0;
  const accepted = seen(kept, hasTask);
  const enteredAt = performance.now();
  await gui.answerLine("say from WezTerm");
  const line = (await accepted) - enteredAt;
  await seen(kept, isIdle);
  const acceptedBare = seen(kept, hasTask);
  const askedAt = performance.now();
  await world.client.call("distribute_task", { prompt: "say from a client", directory: world.repository });
  const client = (await acceptedBare) - askedAt;
  await seen(kept, isIdle);
  return { line, client };
}

function show(name: string, values: readonly number[]): void {
  const sorted = values.toSorted((a, b) => a - b);
  const [median, worst] = [sorted[Math.floor(sorted.length / 2)] ?? Number.NaN, sorted.at(-1) ?? Number.NaN];
  console.log(`${name.padEnd(56)} median ${median.toFixed(1).padStart(6)} ms   worst ${worst.toFixed(1).padStart(6)} ms`);
}

async function main(): Promise<void> {
  if (lua === undefined) return console.log(skipReason);
  await using guis = await guiWorld();
  const ways = waysTo(octoFolders(guis.world.environment).socketFile);
  const gui = await guis.openGui({ options: "{ toasts = false }" });
  await seen(ways.kept, () => true);
  const [curl, status, line, client]: number[][] = [[], [], [], []];
  for (let round = 0; round < rounds; round += 1) {
    const change = await changeToStatus(guis, gui, ways);
    curl?.push(change.curl);
    status?.push(change.status);
    const task = await lineToTask(guis, gui, ways);
    line?.push(task.line);
    client?.push(task.client);
  }
  console.log(`${rounds} rounds`);
  show("change in OpenCode -> bare curl long poll has it", curl ?? []);
  show("change in OpenCode -> set_right_status", status ?? []);
  show("submitted by a client of the bridge -> task accepted", client ?? []);
  show("line entered in WezTerm -> task accepted", line ?? []);
}

await main();
