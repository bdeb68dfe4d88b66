// What a thin pane costs: the time to its first frame and the memory of its processes, beside a bare `curl` to the same bridge and, where
// it is installed, the real `opencode attach`. Linux only (/proc, script of util-linux). Run: tsx test/bench/pane.bench.ts
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { octoFolders } from "../../bridge/folders";
import { processesWith } from "../helpers/census";
import { eventually } from "../helpers/eventually";
import { type OctoWorld, octoWorld } from "../helpers/octo-world";
import { heading, median, verdict } from "./report";

const script = join(import.meta.dirname, "../../bridge/panes/pane.sh");
const markName = "OCTO_BENCH_PANE";
const framesMeasured = 20;
const tasksShown = 10;

await using world = await octoWorld();
const { instances } = await world.client.call("spawn_opencode_server", {});
const target = instances[0]?.id ?? "";
for (let index = 0; index < tasksShown; index += 1) {
  await world.client.call("distribute_task", { prompt: `[[say:${"words ".repeat(200)}]] task ${index}`, directory: world.repository });
}
await eventually(
  async () => {
    const { tasks } = await world.client.call("list_tasks", {});
    if (tasks.some(({ state }) => state !== "succeeded")) throw new Error("not done");
  },
  { timeoutMs: 60_000 },
);

heading("thin pane");
const curls: number[] = [];
const streams: number[] = [];
const frames: number[] = [];
const socket = octoFolders(world.environment).socketFile;
for (let index = 0; index < framesMeasured; index += 1) {
  curls.push(await timeTo(["curl", "-q", "-s", "--unix-socket", socket, "http://octo/v1/hello"], '"bridge"'));
  const screen = `http://octo/v1/pane/screen?screen=bench-${index}&target=${target}&columns=80&rows=24`;
  streams.push(await timeTo(["curl", "-q", "-sN", "--unix-socket", socket, screen], "oc1"));
  frames.push(await timeTo(inTerminal(world, `first-${index}`), "oc1"));
}
verdict("one curl to the bridge, median", { seen: median(curls), unit: "ms" });
verdict("one curl to the first frame, median", { seen: median(streams), unit: "ms" });
verdict("load of this machine's cores while measured", { seen: (loadavg()[0] ?? 0) / cpus().length, unit: "" });
verdict("first frame of a new pane, median", { seen: median(frames), atMost: 100, unit: "ms" });
verdict("first frame of a new pane, worst", { seen: Math.max(...frames), unit: "ms" });

const pane = start(inTerminal(world, "memory"));
await output(pane, "oc1");
// At rest: the key reader is waiting and curl has drawn.
const parts = await eventually(async () => {
  const found = await memoryOf("memory");
  if (!found.some(({ name }) => name === "dd") || !found.some(({ name }) => name === "curl")) throw new Error("not all there yet");
  return found;
});
await end(pane);
for (const { name, pssMb } of parts) verdict(`PSS of ${name}`, { seen: pssMb, unit: "MB" });
verdict("PSS of a pane's processes together", { seen: parts.reduce((sum, { pssMb }) => sum + pssMb, 0), atMost: 10, unit: "MB" });

/** `script` gives the program a terminal, and us what it writes there. */
function inTerminal({ environment }: OctoWorld, mark: string): readonly string[] {
  const words = ["env", `${markName}=${mark}`, "TERM=xterm-256color", "/bin/sh", script, octoFolders(environment).socketFile, target];
  return ["script", "-qfec", words.map((word) => `'${word}'`).join(" "), "/dev/null"];
}

async function timeTo(command: readonly string[], text: string): Promise<number> {
  const startMs = performance.now();
  const child = start(command);
  await output(child, text);
  const tookMs = performance.now() - startMs;
  await end(child);
  return tookMs;
}

function start([program = "", ...argv]: readonly string[]): ChildProcess {
  return spawn(program, argv, { env: { PATH: process.env.PATH }, stdio: ["pipe", "pipe", "inherit"] });
}

function output(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      seen += chunk.toString();
      if (seen.includes(text)) resolve();
    });
    child.once("close", () => reject(new Error(`ended without ${text}: ${seen}`)));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, "close");
  child.kill("SIGTERM");
  await closed;
}

async function memoryOf(mark: string): Promise<readonly { readonly name: string; readonly pssMb: number }[]> {
  const processes = await processesWith(markName, mark);
  return Promise.all(
    processes.map(async ({ pid }) => {
      const [name, memory] = await Promise.all([readFile(`/proc/${pid}/comm`, "utf8"), readFile(`/proc/${pid}/smaps_rollup`, "utf8")]);
      return { name: name.trim(), pssMb: Number(/^Pss: +(\d+)/m.exec(memory)?.[1] ?? "0") / 1_024 };
    }),
  );
}
