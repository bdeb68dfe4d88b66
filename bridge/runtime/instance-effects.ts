import type { DirectoryEffect, InstanceEffect } from "../core/effect";
import type { FromInstance } from "../core/event";
import type { Instance } from "../core/instance";
import type { LaunchedServer, Launcher, LaunchRequest } from "../ports/opencode";
import type { EffectParts } from "./effect-parts";
import { usageOf } from "./hosts/machines";
import { listAsks } from "./list-asks";

/** Errors that starting again cannot mend. */
const fatalCodes = new Set(["OPENCODE_MISSING", "OPENCODE_TOO_OLD", "OPENCODE_TOO_NEW", "OPENCODE_CONFIG_BROKEN", "PORT_TAKEN"]);
const stderrLinesMax = 12;

/** One effect of one instance; its answer names the incarnation it was asked of. */
export async function runInstanceEffect(parts: EffectParts, { kind, instance }: InstanceEffect): Promise<void> {
  switch (kind) {
    case "launch-instance":
      return parts.starts.run(instance.id, (signal) => launch(parts, instance, signal));
    case "adopt-instance":
      return parts.starts.run(instance.id, (signal) => adopt(parts, instance, signal));
    case "watch-instance":
      return parts.links.watch(instance);
    case "rewatch-instance":
      return parts.links.rewatch(instance);
    case "stop-instance":
      return stop(parts, instance, parts.stopGraceMs);
    case "kill-instance":
      return stop(parts, instance, 0);
    case "sweep-instance":
      return sweep(parts, instance);
    case "probe-instance":
      return probe(parts, instance);
    case "list-asks":
      return listAsks(parts, instance);
    case "warm-instance":
      return warm(parts, instance);
  }
}

function launcherOf(parts: EffectParts, { host }: Instance): Launcher {
  return parts.machines.of(host).launcher;
}

/** With its host: nobody asks for it any more. */
function isForgotten(parts: EffectParts, { id }: Instance): boolean {
  return !parts.state().instances.has(id);
}

const reachAgainMs = 500;

/** While its host cannot be asked, nobody knows whether a server is gone: asks until it can be, or the start is given up. */
async function onceReached<Result>(
  parts: EffectParts,
  instance: Instance,
  signal: AbortSignal,
  ask: () => Promise<Result>,
): Promise<Result> {
  for (;;) {
    try {
      return await ask();
    } catch (thrown) {
      if (!parts.errorOf(thrown).code.startsWith("HOST_") || signal.aborted || isForgotten(parts, instance)) throw thrown;
      await parts.pause(reachAgainMs);
    }
  }
}

function fromOf(instance: Instance): FromInstance {
  return { instanceId: instance.id, incarnation: instance.incarnation };
}

function requestOf(parts: EffectParts, { id, incarnation, port }: Instance): LaunchRequest {
  return { instanceId: id, incarnation, port, password: parts.passwordOf(id) };
}

async function launch(parts: EffectParts, instance: Instance, signal: AbortSignal): Promise<void> {
  try {
    const port = instance.portFixed ? instance.port : await freePort(parts, instance);
    const server = await launcherOf(parts, instance).launch({ ...requestOf(parts, instance), port });
    parts.post({ ...fromOf(instance), kind: "instance-launched", identity: server.identity, port });
    await follow(parts, instance, server, signal);
  } catch (thrown) {
    const error = parts.errorOf(thrown);
    parts.post({ ...fromOf(instance), kind: "instance-start-failed", error, fatal: fatalCodes.has(error.code) });
  }
}

/** Its own port as long as nobody else took it: attached TUIs come back to the same port only (seen). */
async function freePort(parts: EffectParts, instance: Instance): Promise<number> {
  const taken = [...parts.state().instances.values()].filter(({ id }) => id !== instance.id).map(({ port }) => port);
  return launcherOf(parts, instance).choosePort(taken, instance.port);
}

/** From a process to an instance that answers. */
async function follow(parts: EffectParts, instance: Instance, server: LaunchedServer, signal: AbortSignal): Promise<void> {
  parts.links.open(instance, server);
  const { startTimeoutMs } = parts.state().policy;
  const { version } = await launcherOf(parts, instance).waitReady(server, { deadlineMs: startTimeoutMs, signal });
  parts.post({ ...fromOf(instance), kind: "instance-answered", version });
  // Only now: why a server ended before it was ready is `waitReady`'s to say, with the right code.
  watchExit(parts, instance, server);
}

function watchExit(parts: EffectParts, instance: Instance, server: LaunchedServer): void {
  void server.exited.then(async ({ code, signal }) => {
    const how = signal ? `by ${signal}` : code === null ? "" : `with code ${code}`;
    const lines = await launcherOf(parts, instance)
      .lastStderr(instance.id, stderrLinesMax)
      .catch(() => "");
    const message = `${instance.name} ended ${how}${lines ? `; its last lines: ${lines}` : ""}`;
    parts.post({ ...fromOf(instance), kind: "instance-exited", error: { code: "INSTANCE_EXITED", message } });
  });
}

async function adopt(parts: EffectParts, instance: Instance, signal: AbortSignal): Promise<void> {
  try {
    const server = await onceReached(parts, instance, signal, () =>
      launcherOf(parts, instance).adopt(requestOf(parts, instance), instance.identity),
    );
    if (!server) {
      const message = `${instance.name} ended while no bridge ran`;
      parts.post({ ...fromOf(instance), kind: "instance-exited", error: { code: "INSTANCE_EXITED", message } });
      return;
    }
    parts.post({ ...fromOf(instance), kind: "instance-adopted", identity: server.identity });
    if (instance.state.kind === "starting") return await follow(parts, instance, server, signal);
    watchExit(parts, instance, server);
    parts.links.open(instance, server);
    parts.links.watch(instance);
  } catch (thrown) {
    const error = parts.errorOf(thrown);
    parts.post({ ...fromOf(instance), kind: "instance-start-failed", error, fatal: fatalCodes.has(error.code) });
    parts.post({ ...fromOf(instance), kind: "instance-exited", error });
  }
}

/** Of this start: that of a later one is not its to end. */
function serverOf({ links }: EffectParts, { id, incarnation }: Instance): LaunchedServer | undefined {
  const link = links.get(id);
  return link?.incarnation === incarnation ? link.server : undefined;
}

/** Ends only when nothing is left, so its answer is the proof that the instance's turns are over. */
async function stop(parts: EffectParts, instance: Instance, graceMs: number): Promise<void> {
  await parts.starts.end(instance.id);
  await untilDone(parts, "stop", instance, async () => {
    const launcher = launcherOf(parts, instance);
    // What the server says while it is being ended is no news, and its end no lost stream.
    await parts.links.unwatch(instance.id, instance.incarnation);
    const server = serverOf(parts, instance) ?? (await launcher.adopt(requestOf(parts, instance), instance.identity));
    if (server) await launcher.stop(server, { graceMs });
    await launcher.sweep(requestOf(parts, instance), server?.identity ?? instance.identity);
  });
  parts.links.close(instance.id, instance.incarnation);
  parts.post({ ...fromOf(instance), kind: "instance-stopped" });
}

async function sweep(parts: EffectParts, instance: Instance): Promise<void> {
  await parts.starts.end(instance.id);
  await untilDone(parts, "sweep", instance, async () => {
    const launcher = launcherOf(parts, instance);
    const identity = instance.identity ?? serverOf(parts, instance)?.identity;
    // A start that failed may have left a living server behind.
    const server = await launcher.adopt(requestOf(parts, instance), identity);
    if (server) await launcher.stop(server, { graceMs: 0 });
    await launcher.sweep(requestOf(parts, instance), identity);
  });
  parts.links.close(instance.id, instance.incarnation);
  parts.post({ ...fromOf(instance), kind: "instance-swept" });
}

const againMs = 2_000;

/** Proof of death cannot be given up on: tasks move only after it. */
async function untilDone(parts: EffectParts, what: string, instance: Instance, act: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await act();
    } catch (thrown) {
      const error = parts.errorOf(thrown);
      parts.log(`${what} failed, trying again`, { instance: instance.id, code: error.code, reason: error.message });
      await parts.pause(againMs);
      // The next bridge finds the instance as it is and does it again.
      if (parts.stopping.aborted || isForgotten(parts, instance)) return;
    }
  }
}

async function probe(parts: EffectParts, instance: Instance): Promise<void> {
  try {
    await parts.links.client(instance.id, instance.incarnation).health();
    parts.post({ ...fromOf(instance), kind: "instance-alive" });
  } catch {
    const usage = await usageOf(parts.machines, instance);
    parts.post({ ...fromOf(instance), kind: "probe-failed", cpuMs: usage?.cpuMs });
  }
}

/** One folder after the other, the latest first; work that comes meanwhile makes its own folder known. */
async function warm(parts: EffectParts, instance: Instance): Promise<void> {
  for (const { directory } of instance.directories.slice(0, instance.slots)) {
    try {
      await parts.links.client(instance.id, instance.incarnation).models(directory);
    } catch {
      return;
    }
  }
}

export async function forgetDirectory(parts: EffectParts, { instance, directory }: DirectoryEffect): Promise<void> {
  try {
    await parts.links.client(instance.id, instance.incarnation).disposeDirectory(directory);
  } catch (thrown) {
    const error = parts.errorOf(thrown);
    parts.log("a folder was not disposed of", { instance: instance.id, directory, code: error.code, reason: error.message });
  }
}
