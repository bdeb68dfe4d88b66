import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { LaunchedServer } from "../../../bridge/ports/opencode";
import { eventually } from "../../helpers/eventually";
import { fakeOpenCodeCommand } from "../../helpers/fake-opencode-command";
import { expectLauncherContract } from "./launcher-contract";
import { asInstanceId, launcherIn, launcherWorld, processes, ready } from "./launcher-world";

const hour = ["sleep", "3600"] as const;

test("the fake server keeps the launcher's contract", async () => {
  await using world = await launcherWorld();
  const launcher = launcherIn(world.folder, {}, { command: fakeOpenCodeCommand });
  const body = { parts: [{ type: "text", text: "[[bash:sleep 3600]]" }] };
  await expectLauncherContract(world, { launcher, toolRequest: { path: "prompt_async", body } });
});

describe("stop", () => {
  test("can come twice, at once and later", async () => {
    await using world = await launcherWorld();
    const server = await started(world);
    await Promise.all([world.launcher.stop(server, { graceMs: 2_000 }), world.launcher.stop(server, { graceMs: 2_000 })]);
    await world.launcher.stop(server, { graceMs: 2_000 });
    expect(await processes.isAlive(server.identity)).toBe(false);
  });

  test("kills a server that is deaf to SIGTERM and dispose, after the grace", async () => {
    await using world = await launcherWorld();
    const launcher = world.faulty({ deaf: true, disposeHangs: true });
    const server = await launcher.launch(await world.request());
    await ready(launcher, server);
    await launcher.stop(server, { graceMs: 400 });
    expect(await server.exited).toEqual({ code: null, signal: "SIGKILL" });
  });

  test("ends a server that is stopped by SIGSTOP", async () => {
    await using world = await launcherWorld();
    const server = await started(world);
    await processes.signalGroup(server.identity, "SIGSTOP");
    await world.launcher.stop(server, { graceMs: 500 });
    expect((await server.exited).signal).toMatch(/SIGTERM|SIGKILL/);
  });

  test("ends the tools, which have groups of their own", async () => {
    await using world = await launcherWorld();
    const server = await started(world, hour);
    expect(await processes.descendants(server.identity)).toHaveLength(1);
    await world.launcher.stop(server, { graceMs: 400 });
    expect(await processes.findByEnvironment("OCTO_TEST_RUN", world.run)).toEqual([]);
  });

  test("ends the tools of a server that is dead already, also those deaf to SIGTERM", async () => {
    await using world = await launcherWorld();
    const server = await started(world, ["bash", "-c", "trap '' TERM; while :; do sleep 60; done"]);
    await eventually(async () => expect(await processes.descendants(server.identity)).toHaveLength(2));
    await processes.signal(server.identity, "SIGKILL");
    await server.exited;
    await world.launcher.stop(server, { graceMs: 400 });
    expect(await processes.findByEnvironment("OCTO_TEST_RUN", world.run)).toEqual([]);
  });
});

test.each(["stop", "sweep"] as const)(
  "%s ends what is in the group of a dead server, though its environment tells nothing",
  async (way) => {
    await using world = await launcherWorld();
    const launcher = world.faulty({ unmarked: true });
    const request = await world.request();
    const server = await launcher.launch(request);
    const [child] = await eventually(async () => {
      const children = await processes.descendants(server.identity);
      expect(children).toHaveLength(1);
      return children;
    });
    await processes.signal(server.identity, "SIGKILL");
    await server.exited;
    await (way === "stop" ? launcher.stop(server, { graceMs: 400 }) : launcher.sweep(request, server.identity));
    try {
      await eventually(async () => expect(child && (await processes.isAlive(child))).toBe(false), { timeoutMs: 2_000 });
    } finally {
      // The world cannot see it.
      if (child) await processes.signal(child, "SIGKILL");
    }
  },
);

describe("the next bridge", () => {
  test("adopts a server that outlived its bridge, with and without its identity, and sees it end", async () => {
    await using world = await launcherWorld();
    const request = await world.request();
    const bridge = spawn(process.execPath, [
      "--import",
      "tsx",
      join(import.meta.dirname, "launcher-bridge.ts"),
      world.folder,
      JSON.stringify(request),
    ]);
    const [line] = z.tuple([z.instanceof(Buffer)]).parse(await once(bridge.stdout, "data"));
    const identity = z.object({ pid: z.number(), startTime: z.string(), bootId: z.string() }).parse(JSON.parse(line.toString()));
    bridge.kill("SIGKILL");
    await once(bridge, "exit");

    const known = await world.launcher.adopt(request, identity);
    const found = await world.launcher.adopt(request, undefined);
    expect(known?.identity).toEqual(identity);
    expect(found?.identity).toEqual(identity);
    if (found === undefined) return;
    await ready(world.launcher, found);
    await world.launcher.stop(found, { graceMs: 2_000 });
    expect(await found.exited).toEqual({ code: null, signal: null });
  });

  test("adopts the server and not its tool, and nothing when only the tool is left", async () => {
    await using world = await launcherWorld();
    const request = await world.request();
    const launcher = world.faulty({ tool: hour });
    const server = await launcher.launch(request);
    await ready(launcher, server);
    await eventually(async () => expect(await processes.descendants(server.identity)).toHaveLength(1));
    expect((await launcher.adopt(request, undefined))?.identity).toEqual(server.identity);
    expect(await launcher.adopt({ ...request, incarnation: 2 }, undefined)).toBeUndefined();

    await processes.signal(server.identity, "SIGKILL");
    await server.exited;
    expect(await launcher.adopt(request, server.identity)).toBeUndefined();
    expect(await processes.findByEnvironment("OCTO_TEST_RUN", world.run)).toHaveLength(1);
    await launcher.sweep(request, undefined);
    expect(await processes.findByEnvironment("OCTO_TEST_RUN", world.run)).toEqual([]);
  });

  test("sweeps nothing of another instance, nor of another bridge's instance of the same name", async () => {
    await using world = await launcherWorld();
    const other = await started(world, hour);
    const elsewhere = launcherIn(world.folder, {}, { instancesFolder: join(world.folder, "elsewhere") });
    await elsewhere.sweep(await world.request(), undefined);
    await world.launcher.sweep(await world.request({ instanceId: asInstanceId("ins_b") }), undefined);
    expect(await processes.descendants(other.identity)).toHaveLength(1);
  });
});

/** A ready fixture server; with its tool running when one is given. */
async function started(world: Awaited<ReturnType<typeof launcherWorld>>, tool?: readonly string[]): Promise<LaunchedServer> {
  const launcher = tool === undefined ? world.launcher : world.faulty({ tool });
  const server = await launcher.launch(await world.request());
  await ready(launcher, server);
  if (tool)
    await eventually(async () => expect(await processes.findByEnvironment("OPENCODE_PID", String(server.identity.pid))).not.toEqual([]));
  return server;
}
