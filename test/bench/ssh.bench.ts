import { execFileSync } from "node:child_process";
import { userInfo } from "node:os";
import { performance } from "node:perf_hooks";
import { openRemoteHost } from "../../bridge/adapters/ssh/remote-host";
import type { HostId } from "../../shared/ids";
import { sshHost } from "../helpers/sshd";

// npx tsx test/bench/ssh.bench.ts [runs]
// A repeated command on a host, beside its two parts (the round trip, the shell's own start there) and beside a cold ssh.

const runs = Number(process.argv[2] ?? 40);
await using host = await sshHost();
const environment = () => ({ PATH: process.env.PATH, HOME: userInfo().homedir });
const remote = openRemoteHost(
  { id: "bench" as HostId, address: "alpha", paths: {}, domain: "none", fenceMs: 0 },
  { ssh: { configFile: host.configFile, environment }, runtimeFolder: `${host.folder}/run`, owner: "bench" },
  { link: () => undefined, figures: () => undefined },
);
await remote.link.whenConnected(10_000);
await remote.shells.run(":", 10_000);

const startMs = Number((await remote.shells.run(shellStarts(), 60_000)).stdout);
const trip = await measure(async () => {
  const { roundTripMs } = await remote.shells.pulse(":", 10_000);
  return roundTripMs;
});
const command = await measure(async () => {
  const beganAtMs = performance.now();
  await remote.shells.run("sh -c :", 10_000);
  return performance.now() - beganAtMs;
});
const cold = await measure(async () => {
  const beganAtMs = performance.now();
  execFileSync("ssh", ["-F", host.configFile, "-o", "BatchMode=yes", "alpha", "sh -c :"]);
  return performance.now() - beganAtMs;
});
await remote.close();

const limitMs = 1.5 * trip + startMs;
console.log(`round trip ${trip.toFixed(2)} ms, a shell's own start there ${startMs.toFixed(2)} ms`);
console.log(
  `repeated command ${command.toFixed(2)} ms (limit 1.5 x round trip + start = ${limitMs.toFixed(2)} ms); cold ssh ${cold.toFixed(0)} ms`,
);
console.log(`medians of ${runs}; ${(cold / command).toFixed(0)} times faster than cold`);

async function measure(once: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let run = 0; run < runs; run += 1) values.push(await once());
  return values.sort((left, right) => left - right)[Math.floor(runs / 2)] ?? 0;
}

/** A fork of our shell there that starts one, as the repeated command does: without ssh. */
function shellStarts(): string {
  const now = "date +%s%N";
  return `a=$(${now}); i=0; while [ $i -lt 50 ]; do (sh -c :) </dev/null; i=$((i + 1)); done; b=$(${now}); awk -v d=$((b - a)) 'BEGIN { print d / 50000000 }'`;
}
