// What every command and the bridge cost before they do anything, beside Node without a program. Needs `npm run build`.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { octoFolders } from "../../bridge/folders";
import { tempFolder } from "../helpers/temp-folder";
import { heading, median, verdict } from "./report";

const root = join(import.meta.dirname, "../..");
const runs = 15;
const askPauseMs = 2;
const startTimeoutMs = 20_000;

await using folder = await tempFolder("octo-start");
const environment = {
  PATH: process.env.PATH ?? "",
  HOME: folder.path,
  XDG_RUNTIME_DIR: folder.path,
  XDG_STATE_HOME: join(folder.path, "state"),
};

heading("a command");
const bareMs = await medianOf(() => timeToEnd(["-e", "0"]));
verdict("node -e 0", { seen: bareMs, unit: "ms" });
verdict("octo --version", {
  seen: (await medianOf(() => timeToEnd([join(root, "bin/octo"), "--version"]))) - bareMs,
  atMost: 100,
  unit: "ms above it",
});
verdict("octo status, no bridge", {
  seen: (await medianOf(() => timeToEnd([join(root, "bin/octo"), "status"]))) - bareMs,
  atMost: 100,
  unit: "ms above it",
});

heading("the bridge, to its first answer");
const server = join(folder.path, "bare.mjs");
const bareSocket = join(folder.path, "bare.sock");
await writeFile(server, 'import { createServer } from "node:http"; createServer((q, a) => a.end("{}")).listen(process.argv[2]);');
await mkdir(join(folder.path, "octo"), { mode: 0o700 });
const bridge = join(root, "dist/octo-bridge.js");
const { socketFile } = octoFolders(environment);
const bareMsOf: number[] = [];
const firstMsOf: number[] = [];
const openMsOf: number[] = [];
for (let run = 0; run < runs; run += 1) {
  // In turns, so that what else the machine does is the same for all.
  bareMsOf.push(await timeToAnswer([server, bareSocket], bareSocket, "any"));
  firstMsOf.push(await timeToAnswer([bridge], socketFile, "any"));
  openMsOf.push(await timeToAnswer([bridge], socketFile, "open"));
}
const [bareServerMs, firstMs] = [median(bareMsOf), median(firstMsOf)];
verdict("a bare HTTP server of Node", { seen: bareServerMs, unit: "ms" });
verdict("the bridge: it has the lock and says hello", { seen: firstMs, unit: "ms" });
verdict("the bridge, times a bare server", { seen: firstMs / bareServerMs, atMost: 2, unit: "" });
verdict("the bridge: its store is open, calls are answered", { seen: median(openMsOf), unit: "ms" });

async function medianOf(measure: () => Promise<number>): Promise<number> {
  const seen: number[] = [];
  for (let run = 0; run < runs; run += 1) seen.push(await measure());
  return median(seen);
}

async function timeToEnd(args: readonly string[]): Promise<number> {
  const startMs = performance.now();
  await once(spawn(process.execPath, args, { env: environment, stdio: "ignore" }), "close");
  return performance.now() - startMs;
}

async function timeToAnswer(args: readonly string[], socketPath: string, wanted: "any" | "open"): Promise<number> {
  // A bare server leaves its socket behind.
  await rm(socketPath, { force: true });
  const startMs = performance.now();
  const child = spawn(process.execPath, args, { env: environment, stdio: "ignore" });
  while (!(await answers(socketPath, wanted))) {
    if (performance.now() - startMs > startTimeoutMs) throw new Error(`${args.join(" ")} does not answer`);
    await new Promise((resolve) => setTimeout(resolve, askPauseMs));
  }
  const tookMs = performance.now() - startMs;
  const ended = once(child, "close");
  child.kill("SIGTERM");
  await ended;
  return tookMs;
}

function answers(socketPath: string, wanted: "any" | "open"): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, path: "/v1/hello", timeout: 5_000 }, (answer) => {
      let text = "";
      answer.on("data", (chunk) => {
        text += String(chunk);
      });
      answer.once("end", () => resolve(wanted === "any" || !("starting" in JSON.parse(text))));
    });
    asked.once("error", () => resolve(false));
    asked.end();
  });
}
