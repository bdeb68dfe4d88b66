import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Client } from "../../bridge/cli/client";
import { builtBridge } from "./built-program";
import { eventually } from "./eventually";

/** The built bridge as a process. */
export interface BridgeProcess {
  readonly pid: number;
  /** Settles with its exit code, null after a signal. */
  readonly ended: Promise<number | null>;
  isAlive(): boolean;
  /** What it logged so far. */
  log(): string;
  /** SIGKILL; settles when it is gone. May be called twice. */
  kill(): Promise<void>;
}

export interface BridgeProcessRequest {
  /** The whole environment; nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  readonly client: Client;
  readonly cwd: string;
  /** Its hard limit of open files. */
  readonly openFilesMax?: number | undefined;
}

const logCharactersMax = 256 * 1024;
const startTimeoutMs = 20_000;

/** Starts the bridge and waits until it answers on its socket. Raises with its log when it ends first. */
export async function startBridgeProcess({ environment, client, cwd, openFilesMax }: BridgeProcessRequest): Promise<BridgeProcess> {
  const limiting = openFilesMax === undefined ? [] : ["/bin/sh", "-c", `ulimit -n ${openFilesMax}; exec "$@"`, "sh"];
  const [program, ...args] = [...limiting, process.execPath, await builtBridge()];
  const child = spawn(program, args, { cwd, env: { ...environment }, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      log = (log + chunk.toString("utf8")).slice(-logCharactersMax);
    });
  }
  const ended = once(child, "close").then(() => child.exitCode);
  const isAlive = () => child.exitCode === null && child.signalCode === null;
  const bridge: BridgeProcess = {
    pid: child.pid ?? 0,
    ended,
    isAlive,
    log: () => log,
    async kill() {
      if (isAlive()) child.kill("SIGKILL");
      await ended;
    },
  };
  try {
    await eventually(
      async () => {
        if (!isAlive()) return;
        if ((await client.hello({ timeoutMs: 2_000 })).bridge.pid !== child.pid) throw new Error("another bridge answers");
      },
      { timeoutMs: startTimeoutMs },
    );
  } catch (thrown) {
    await bridge.kill();
    throw new Error(`the bridge did not answer: ${log}`, { cause: thrown });
  }
  if (!isAlive()) throw new Error(`the bridge ended: ${log}`);
  return bridge;
}
