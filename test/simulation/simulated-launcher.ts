import { OctoError } from "../../bridge/octo-error";
import type { LaunchedServer, Launcher, LaunchRequest } from "../../bridge/ports/opencode";
import type { Processes, ProcessIdentity } from "../../bridge/ports/processes";
import { measuredProcesses } from "../fakes/measured-processes";
import type { BridgeLife } from "./bridge-life";
import type { SimulatedServer } from "./simulated-server";
import type { World } from "./world";

/** Starts, finds and ends the world's servers, for one bridge. */
export function simulatedLauncher(world: World, life: BridgeLife): Launcher {
  const { chance, truth } = world;
  const fails = (probability: number, code: "PROCESS_START_FAILED" | "PROCESS_TABLE_UNREADABLE" | "INSTANCE_LEFTOVERS"): void => {
    if (chance.happens(probability)) throw new OctoError(code, "as the seed wants it");
  };
  const launched = (server: SimulatedServer, lookMs: number): LaunchedServer => ({
    identity: server.identity,
    endpoint: { url: `http://127.0.0.1:${server.port}`, password: "secret" },
    exited: new Promise((resolve) => {
      server.onExit(() => {
        world.time.after(chance.between(0, lookMs), () => life.deliver(() => resolve({ code: null, signal: null })));
      });
    }),
  });
  const endTools = (request: Pick<LaunchRequest, "instanceId" | "incarnation">): void =>
    truth.toolsEnd(`${request.instanceId}#${request.incarnation}`);
  return {
    choosePort: (taken, preferred) =>
      life.work("choosing a port", chance.between(0, 5), () => {
        const isFree = (port: number): boolean => !taken.includes(port) && !world.living().some((server) => server.port === port);
        let port = preferred === 0 ? chance.between(17_000, 32_000) : preferred;
        while (!isFree(port)) port = chance.between(17_000, 32_000);
        return port;
      }),
    launch: (request) =>
      life.work("launching", chance.between(5, 200), () => {
        fails(world.faults.bootFails, "PROCESS_START_FAILED");
        return launched(world.launch(request), 0);
      }),
    waitReady: ({ identity }, { deadlineMs }) =>
      new Promise((resolve, reject) => {
        const server = world.byIdentity(identity);
        const exited = () => reject(new OctoError("INSTANCE_EXITED", "ended before it was ready"));
        if (!server) return exited();
        server.onReady(() => life.deliver(() => resolve({ version: "1.18.33" })));
        server.onExit(() => life.deliver(exited));
        life.clock.after(deadlineMs, () => reject(new OctoError("INSTANCE_START_TIMEOUT", "not ready in time")));
      }),
    adopt: (request, identity) =>
      life.work("adopting", chance.between(5, 500), () => {
        fails(world.faults.stopFails / 4, "PROCESS_TABLE_UNREADABLE");
        const server = (identity && world.byIdentity(identity)) ?? world.find(request);
        return server && launched(server, 500);
      }),
    async stop({ identity }, { graceMs }) {
      const server = world.byIdentity(identity);
      if (server) {
        await life.work("disposing", chance.between(5, 100), () => server.trouble === "none" && server.dispose());
        await life.work("ending", chance.between(0, graceMs), () => server.kill());
      }
      await life.work("looking for leftovers", chance.between(5, 50), () => fails(world.faults.stopFails, "INSTANCE_LEFTOVERS"));
      if (server) endTools(server);
    },
    sweep: (request, identity: ProcessIdentity | undefined) =>
      life.work("sweeping", chance.between(5, 500), () => {
        fails(world.faults.stopFails, "INSTANCE_LEFTOVERS");
        if (identity) world.byIdentity(identity)?.kill();
        world.find(request)?.kill();
        endTools(request);
      }),
    lastStderr: () => life.work("reading stderr", chance.between(0, 20), () => ""),
  };
}

export function simulatedProcesses(world: World, life: BridgeLife): Processes {
  return measuredProcesses((identity) =>
    life.work("measuring", 1, () => {
      const server = world.byIdentity(identity);
      return server && { rssBytes: 300_000_000, cpuMs: server.cpuMs() };
    }),
  );
}
