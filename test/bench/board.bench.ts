// What the board costs with 200 tasks that all speak: a frame's time in the program beside writing the same bytes, the CPU time and memory
// of the whole process while they speak and at rest, and its start. Linux only (/proc, script of util-linux). Run: npm run bench -- board
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, writeSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { draw } from "../../bridge/board/draw";
import { type BoardState, freshBoard } from "../../bridge/board/state";
import { type BoardEvent, step } from "../../bridge/board/step";
import { octoFolders } from "../../bridge/folders";
import { frameDifference, fullFrame } from "../../bridge/paint/frame";
import { encode } from "../../bridge/paint/line";
import type { StreamMessage } from "../../shared/stream";
import { builtOcto } from "../cli/octo";
import { instanceId, sampleInstance, sampleTask, taskId } from "../fakes/samples";
import { scriptedService } from "../fakes/scripted-service";
import { serveApi } from "../helpers/serve-api";
import { tempFolder } from "../helpers/temp-folder";
import { heading, median, percentile, verdict } from "./report";

const tasksShown = 200;
const framesMeasured = 600;
const size = { columns: 160, rows: 50 };
const words = "the parser takes dates, and I 漢字 look at the tests of it again before I change anything ".split(" ");

const tasks = Array.from({ length: tasksShown }, (_, index) =>
  sampleTask({
    id: taskId(`t${index}`),
    title: `task number ${index}`,
    state: "running",
    instanceId: instanceId(`i${index % 10}`),
    submittedAtEpochMs: index,
  }),
);
const instances = Array.from({ length: 10 }, (_, index) => sampleInstance({ id: instanceId(`i${index}`), name: `oc${index}`, slots: 20 }));

heading(`a frame of ${size.columns}x${size.rows}, ${tasksShown} tasks with live output`);
const frames = measureFrames();
verdict("model and drawing, median", { seen: median(frames.drawMs), unit: "ms" });
verdict("model and drawing, p99", { seen: percentile(frames.drawMs, 0.99), atMost: 16, unit: "ms" });
verdict("writing the same bytes (the floor), median", { seen: median(frames.writeMs), unit: "ms" });
verdict("writing the same bytes, p99", { seen: percentile(frames.writeMs, 0.99), unit: "ms" });
verdict("bytes a frame, median", { seen: median(frames.bytes), unit: "B" });
verdict("a key press: model and whole frame, p99", { seen: percentile(frames.keyMs, 0.99), atMost: 16, unit: "ms" });

heading("the program in a terminal");
const built = await builtOcto();
const home = await tempFolder();
const environment = { PATH: process.env.PATH ?? "", HOME: home.path, XDG_RUNTIME_DIR: home.path, XDG_STATE_HOME: join(home.path, "state") };
const folders = octoFolders(environment);
await mkdir(folders.runtime, { mode: 0o700, recursive: true });
const service = scriptedService();
const api = await serveApi({ service, socketPath: folders.socketFile });
for (const instance of instances) service.setInstance(instance);
const starts: number[] = [];
for (let index = 0; index < 5; index += 1) {
  const startMs = performance.now();
  const child = start();
  await output(child, "oc9");
  starts.push(performance.now() - startMs);
  await end(child);
}
verdict("start to the first frame with everything, median", { seen: median(starts), atMost: 1_000, unit: "ms" });
const child = start();
await output(child, "oc9");
const pid = await boardOf(child);
const atRest = await cost(pid, child, 10_000, () => undefined);
verdict("CPU at rest, of one core", { seen: atRest.cpuPercent, atMost: 0.5, unit: "%" });
verdict("bytes written at rest in 10 s", { seen: atRest.bytes, atMost: 0, unit: "B" });
for (const task of tasks) service.setTask(task);
const speaking = await cost(pid, child, 10_000, speak);
verdict(`CPU while ${tasksShown} tasks speak, of one core`, { seen: speaking.cpuPercent, unit: "%" });
verdict(`bytes written a second while ${tasksShown} tasks speak`, { seen: speaking.bytes / 10, unit: "B" });
const memory = await readFile(`/proc/${pid}/smaps_rollup`, "utf8");
for (const name of ["Pss", "Rss"])
  verdict(`${name} after it`, { seen: Number(new RegExp(`^${name}: +(\\d+)`, "m").exec(memory)?.[1] ?? 0) / 1_024, unit: "MB" });
verdict("load of this machine's cores while measured", { seen: (loadavg()[0] ?? 0) / cpus().length, unit: "" });
await end(child);
await api.stop();
await home[Symbol.asyncDispose]();
await built[Symbol.asyncDispose]();

function measureFrames() {
  const sink = openSync("/dev/null", "w");
  const [drawMs, writeMs, keyMs, bytes]: readonly number[][] = [[], [], [], []];
  let state = freshBoard({ size, directory: "/repo", nowMs: 0, nowEpochMs: 0 });
  let frame: readonly string[] | undefined;
  const paint = (events: readonly BoardEvent[], nowMs: number): string => {
    for (const event of events) state = step(state, event, { nowMs, nowEpochMs: nowMs }).state;
    const drawn: readonly string[] = draw(state).lines.map((line) => encode(line, size.columns, 256));
    const text = frame ? frameDifference(frame, drawn) : fullFrame(drawn);
    frame = drawn;
    return text;
  };
  const snapshot = { revision: 1, bridge: service0(), counts: scriptedService().statusSnapshot().counts, instances, tasks, asks: [] };
  paint([{ kind: "messages", messages: [{ kind: "snapshot", snapshot }] }], 0);
  for (let index = 0; index < framesMeasured; index += 1) {
    const messages = spoken(index);
    const startMs = performance.now();
    const text = paint([{ kind: "messages", messages }], index * 17);
    const drawnMs = performance.now();
    writeSync(sink, text);
    const writtenMs = performance.now();
    // The first ones are compiled while they run.
    if (index >= 50) {
      drawMs?.push(drawnMs - startMs);
      writeMs?.push(writtenMs - drawnMs);
      bytes?.push(Buffer.byteLength(text));
    }
    if (index % 10 !== 0 || index < 50) continue;
    const keyAtMs = performance.now();
    paint([{ kind: "input", input: { kind: "key", key: index % 20 === 0 ? "G" : "g" }, alone: true }], index * 17);
    keyMs?.push(performance.now() - keyAtMs);
  }
  return { drawMs: drawMs ?? [], writeMs: writeMs ?? [], keyMs: keyMs ?? [], bytes: bytes ?? [] };
}

function service0(): BoardState["world"]["bridge"] & object {
  return { version: "0.1.0", pid: 1, startedAtEpochMs: 0 };
}

/** Every task says another word, one changes its state, the watched one says more. */
function spoken(index: number): readonly StreamMessage[] {
  const word = (offset: number): string => words[(index + offset) % words.length] ?? "";
  const lines = tasks.map(({ id }, at) => ({ taskId: id, text: `${word(at)} ${word(at + 1)} ${word(at + 2)} ${index}` }));
  const changed = tasks[index % tasks.length] ?? tasks[0];
  const watched = tasks[0]?.id ?? taskId("t0");
  return [
    { kind: "lines", lines },
    ...(changed ? [{ kind: "task" as const, revision: index, task: { ...changed, runMs: index, detail: `step ${index}` } }] : []),
    ...(index === 0 ? [{ kind: "output-tail" as const, taskId: watched, entries: [] }] : []),
    { kind: "output", taskId: watched, entry: { kind: "text", text: `${word(0)} ` } },
  ];
}

/** Fifty words a second of each task. */
function speak(): () => void {
  let index = 0;
  const timer = setInterval(() => {
    index += 1;
    for (const { id } of tasks) service.say(id, { kind: "text", text: `${words[index % words.length]} ` });
  }, 20);
  return () => clearInterval(timer);
}

async function cost(of: number, running: ChildProcess, forMs: number, work: () => (() => void) | undefined) {
  // What was begun is done.
  await pause(2_000);
  let bytes = 0;
  const count = (chunk: Buffer): void => {
    bytes += chunk.length;
  };
  running.stdout?.on("data", count);
  const before = await cpuTicks(of);
  const stop = work();
  await pause(forMs);
  stop?.();
  const ticks = (await cpuTicks(of)) - before;
  running.stdout?.off("data", count);
  // USER_HZ is 100 on every architecture that Node runs on; source: time(7).
  return { cpuPercent: (ticks * 10 * 100) / forMs, bytes };
}

async function cpuTicks(of: number): Promise<number> {
  const text = await readFile(`/proc/${of}/stat`, "utf8");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

/** `script` gives the program a terminal, and us what it writes there. */
function start(): ChildProcess {
  const command = `stty cols ${size.columns} rows ${size.rows}; exec '${process.execPath}' '${built.path}/dist/octo.js' board`;
  return spawn("script", ["-qfec", command, "/dev/null"], {
    env: { ...environment, TERM: "xterm-256color" },
    stdio: ["pipe", "pipe", "inherit"],
  });
}

async function boardOf(running: ChildProcess): Promise<number> {
  const children = await readFile(`/proc/${running.pid}/task/${running.pid}/children`, "utf8");
  return Number(children.trim().split(" ")[0]);
}

function output(running: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = "";
    running.stdout?.on("data", (chunk: Buffer) => {
      seen = (seen + chunk.toString()).slice(-100_000);
      if (seen.includes(text)) resolve();
    });
    running.once("close", () => reject(new Error(`ended without ${text}: ${seen}`)));
  });
}

async function end(running: ChildProcess): Promise<void> {
  const closed = once(running, "close");
  running.stdin?.write("q");
  await closed;
}
