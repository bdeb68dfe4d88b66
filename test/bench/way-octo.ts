import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Client, createClient } from "../../bridge/cli/client";
import { follow } from "../../bridge/cli/follow";
import { octoFolders } from "../../bridge/folders";
import type { Isolation } from "../../shared/task";
import { startBridgeProcess } from "../helpers/bridge-process";
import { eventually } from "../helpers/eventually";
import { markOf } from "./process-cost";
import { roundTimeMaxMs, type Way, type WayParts, wayEnvironment } from "./way";

const startTimeoutMs = 120_000;
const downTimeoutMs = 60_000;

/** One bridge with its instances, ready. */
export interface OctoBench extends AsyncDisposable {
  readonly client: Client;
  /** Sends prompts through this bridge into this repository. */
  way(name: string, repository: string, isolation: Isolation): Way;
}

/** The built bridge, as a person would start it, with this many ready instances; `command` starts one of them. */
export async function startOcto(
  parts: WayParts & {
    readonly name: string;
    readonly instances: number;
    readonly slots: number;
    readonly command?: readonly string[];
    readonly environment?: Readonly<Record<string, string>>;
  },
): Promise<OctoBench> {
  const { name, instances, slots, command = [parts.program] } = parts;
  const mark = markOf(name);
  const folder = join(parts.folder, name);
  const environment: Record<string, string> = {
    ...wayEnvironment({ ...parts, folder }, mark),
    XDG_RUNTIME_DIR: folder,
    ...parts.environment,
  };
  const folders = octoFolders(environment);
  await mkdir(dirname(folders.configFile), { recursive: true });
  await mkdir(environment.HOME ?? folder, { recursive: true });
  const config = { opencode: { command, loginShell: false, env: environment }, instances: { slots } };
  await writeFile(folders.configFile, JSON.stringify(config), { mode: 0o600 });
  const client = createClient(folders.socketFile);
  const bridge = await startBridgeProcess({ environment, client, cwd: folder });
  const stop = async (): Promise<void> => {
    if (bridge.isAlive()) await client.call("shut_down", { all: true }, { timeoutMs: downTimeoutMs });
    await bridge.ended;
  };
  try {
    await client.call("spawn_opencode_server", { count: instances });
    await eventually(
      async () => {
        const { instances: views } = await client.call("list_opencode_servers", {});
        if (views.filter(({ state }) => state === "ready").length < instances) throw new Error(`not ready: ${bridge.log().slice(-2_000)}`);
      },
      { timeoutMs: startTimeoutMs, intervalMs: 100 },
    );
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  return {
    client,
    way: (name, repository, isolation) => ({
      name,
      mark,
      run: (prompts) => runAll(client, prompts, { repository, isolation }),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
    [Symbol.asyncDispose]: stop,
  };
}

async function runAll(
  client: Client,
  prompts: readonly string[],
  { repository, isolation }: { readonly repository: string; readonly isolation: Isolation },
): Promise<void> {
  const submitted = await Promise.all(
    prompts.map((prompt) => client.call("distribute_task", { prompt, directory: repository, isolation }, { timeoutMs: 60_000 })),
  );
  const ended = await follow({
    client,
    taskIds: submitted.map(({ task }) => task.id),
    output: false,
    signal: AbortSignal.timeout(roundTimeMaxMs),
    onTask: () => undefined,
    onAsks: () => undefined,
    onOutput: () => undefined,
    onReconnect: () => undefined,
  });
  const failed = ended?.find(({ state }) => state !== "succeeded");
  if (!ended || failed)
    throw new Error(failed ? `${failed.id} ${failed.state}: ${failed.error?.message ?? failed.detail}` : "took too long");
}
