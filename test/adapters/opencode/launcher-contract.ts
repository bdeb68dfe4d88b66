import { request } from "undici";
import { expect } from "vitest";
import { z } from "zod";
import type { Endpoint, LaunchedServer, Launcher } from "../../../bridge/ports/opencode";
import { eventually } from "../../helpers/eventually";
import { type LauncherWorld, processes, ready } from "./launcher-world";

const bootDeadlineMs = 60_000;

export interface LauncherCandidate {
  readonly launcher: Launcher;
  /** The request in a session of a server that makes it run `sleep 3600` as a tool. */
  readonly toolRequest: { readonly path: "shell" | "prompt_async"; readonly body: object };
}

/** What holds for the real server and the fake: it becomes ready, is found by its mark, and neither a kill nor a stop leaves a tool of it. */
export async function expectLauncherContract(world: LauncherWorld, { launcher, toolRequest }: LauncherCandidate): Promise<void> {
  const first = await world.request();
  const killed = await boot(launcher, await launcher.launch(first));
  await startTool(killed.endpoint, world, toolRequest);
  expect((await launcher.adopt(first, undefined))?.identity).toEqual(killed.identity);
  await processes.signal(killed.identity, "SIGKILL");
  await killed.exited;
  expect(await tools(world)).not.toEqual([]);
  expect(await launcher.adopt(first, undefined)).toBeUndefined();
  await launcher.sweep(first, killed.identity);
  expect(await tools(world)).toEqual([]);

  const second = { ...first, incarnation: 2 };
  const stopped = await boot(launcher, await launcher.launch(second));
  await startTool(stopped.endpoint, world, toolRequest);
  await launcher.stop(stopped, { graceMs: 10_000 });
  expect(await stopped.exited).toEqual({ code: null, signal: "SIGTERM" });
  expect(await tools(world)).toEqual([]);
}

async function boot(launcher: Launcher, server: LaunchedServer): Promise<LaunchedServer> {
  expect(await ready(launcher, server, bootDeadlineMs)).toEqual({ version: "1.18.33" });
  return server;
}

export async function startTool(
  { url, password }: Endpoint,
  world: Pick<LauncherWorld, "folder" | "run">,
  { path, body }: LauncherCandidate["toolRequest"],
): Promise<void> {
  const authorization = `Basic ${Buffer.from(`opencode:${password}`).toString("base64")}`;
  const post = (route: string, content: object) =>
    request(`${url}${route}?directory=${encodeURIComponent(world.folder)}`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify(content),
      signal: AbortSignal.timeout(60_000),
    });
  const session = z.object({ id: z.string() }).parse(await (await post("/session", { title: "t" })).body.json());
  // The shell's answer comes when the command ends, which is when it is killed.
  void post(`/session/${session.id}/${path}`, body)
    .then((answer) => answer.body.dump())
    .catch(() => undefined);
  await eventually(async () => expect(await tools(world)).not.toEqual([]), { timeoutMs: 20_000 });
}

/** Tools of all servers of this world, by what OpenCode gives its children. */
async function tools(world: Pick<LauncherWorld, "run">) {
  const [own, children] = await Promise.all([
    processes.findByEnvironment("OCTO_TEST_RUN", world.run),
    processes.findByEnvironment("OPENCODE", "1"),
  ]);
  return own.filter(({ pid }) => children.some((child) => child.pid === pid));
}
