import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { userInfo } from "node:os";
import { performance } from "node:perf_hooks";
import { promisify } from "node:util";
import { openRemoteHost } from "../../bridge/adapters/ssh/remote-host";
import type { HostId } from "../../shared/ids";
import { sshHost } from "../helpers/sshd";

// npx tsx test/bench/ssh.bench.ts [runs]
// A repeated command on a host (that does nothing, so that only the way there is measured), beside its two parts (the round trip, the shell's own start there) and beside a cold ssh.

const run = promisify(execFile);
const runs = Number(process.argv[2] ?? 40);
const environment = () => ({ PATH: process.env.PATH, HOME: userInfo().homedir });
await using host = await sshHost();
await measureWay("loopback", host.configFile);
// This kernel has no netem: a proxy holds every chunk back instead.
for (const delayMs of [10, 50]) {
  const slow = await delayed(host.port, delayMs);
  const configFile = `${host.folder}/config-${delayMs}`;
  const config = await readFile(host.configFile, "utf8");
  await writeFile(configFile, config.replace(`Port ${host.port}`, `Port ${slow.port}\nHostKeyAlias [127.0.0.1]:${host.port}`));
  await measureWay(`${2 * delayMs} ms there and back`, configFile);
  slow.close();
}

async function measureWay(way: string, configFile: string): Promise<void> {
  const remote = openRemoteHost(
    { id: "bench" as HostId, address: "alpha", paths: {}, domain: "none", fenceMs: 0 },
    { ssh: { configFile, environment }, runtimeFolder: `${host.folder}/run`, owner: "bench" },
    { link: () => undefined, figures: () => undefined },
  );
  await remote.link.whenConnected(20_000);
  await remote.shells.run(":", 10_000);
  const startMs = Number((await remote.shells.run(shellStarts(), 60_000)).stdout);
  const trip = await measure(async () => (await remote.shells.pulse(":", 10_000)).roundTripMs);
  const command = await measure(() => timed(() => remote.shells.run(":", 10_000)));
  const cold = await measure(() => timed(() => run("ssh", ["-F", configFile, "-o", "BatchMode=yes", "alpha", ":"])));
  await remote.close();
  const limitMs = 1.5 * trip + startMs;
  const verdict = command <= limitMs ? "kept" : "NOT KEPT";
  console.log(`${way}: round trip ${trip.toFixed(2)} ms, a shell's own start there ${startMs.toFixed(2)} ms`);
  console.log(`  repeated command ${command.toFixed(2)} ms, limit (1.5 x round trip + start) ${limitMs.toFixed(2)} ms: ${verdict}`);
  console.log(`  cold ssh ${cold.toFixed(0)} ms, ${(cold / command).toFixed(0)} times as long (medians of ${runs})`);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const beganAtMs = performance.now();
  await work();
  return performance.now() - beganAtMs;
}

/** A port that leads to another, each chunk later by `delayMs`, both ways. */
async function delayed(port: number, delayMs: number) {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ host: "127.0.0.1", port, noDelay: true });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on("data", (chunk: Buffer) => setTimeout(() => to.write(chunk), delayMs));
      from.on("close", () => setTimeout(() => to.destroy(), delayMs));
      from.on("error", () => undefined);
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

async function measure(once: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let run = 0; run < runs; run += 1) values.push(await once());
  return values.sort((left, right) => left - right)[Math.floor(runs / 2)] ?? 0;
}

/** A fork of our shell there that starts one, without ssh. */
function shellStarts(): string {
  const now = "date +%s%N";
  return `a=$(${now}); i=0; while [ $i -lt 50 ]; do (sh -c :) </dev/null; i=$((i + 1)); done; b=$(${now}); awk -v d=$((b - a)) 'BEGIN { print d / 50000000 }'`;
}
