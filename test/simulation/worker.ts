import { parentPort, workerData } from "node:worker_threads";
import type { PlantedBug } from "./planted-bugs";
import { simulate } from "./simulation";

// Simulates the seeds that it is sent, one after the other, and tells what came of each.
const port = parentPort;
if (!port) throw new Error("this program is a worker");
const { planted }: { readonly planted?: PlantedBug } = workerData;
let last = Promise.resolve();

port.on("message", (seed: number) => {
  last = last.then(async () => port.postMessage(await simulate({ seed, planted })));
});
