import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { sendSignal } from "../../bridge/send-signal";

/** An OpenCode server, real or fake, that a test started as a process of its own group. */
export interface ServerProcess extends AsyncDisposable {
  readonly pid: number;
  readonly url: string;
  readonly port: number;
  /** What it wrote to stderr so far. */
  stderr(): string;
  /** SIGKILL to its group; settles when it is gone. May be called twice. */
  kill(): Promise<void>;
}

export interface ServerProcessRequest {
  readonly command: readonly [string, ...string[]];
  /** The whole environment; nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** 0: as the server chooses. */
  readonly port?: number;
  /** Default 60,000: a real one takes 2 to 18 s on a busy machine. */
  readonly startTimeoutMs?: number;
}

const outputCharactersMax = 64 * 1024;

/** Runs `COMMAND serve` and waits until it says where it listens. Raises with its stderr when it ends first. */
export async function startServerProcess(request: ServerProcessRequest): Promise<ServerProcess> {
  const [program, ...rest] = request.command;
  const child = spawn(program, [...rest, "serve", "--hostname", "127.0.0.1", "--port", String(request.port ?? 0)], {
    cwd: request.cwd,
    env: { ...request.environment },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const gone = once(child, "exit");
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr = (stderr + chunk.toString("utf8")).slice(-outputCharactersMax);
  });
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    sendSignal({ groupId: child.pid }, "SIGKILL");
    await gone;
  };
  try {
    const url = await listening(child, request.startTimeoutMs ?? 60_000, () => stderr);
    return { pid: child.pid ?? 0, url, port: Number(new URL(url).port), stderr: () => stderr, kill, [Symbol.asyncDispose]: kill };
  } catch (thrown) {
    await kill();
    throw thrown;
  }
}

async function listening(child: ChildProcess, timeoutMs: number, stderr: () => string): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  let stdout = "";
  try {
    return await new Promise<string>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`not listening after ${timeoutMs} ms: ${stderr()}`)), timeoutMs);
      child.once("error", reject);
      child.once("exit", (code, signal) => reject(new Error(`ended (${code ?? signal}) before it listened: ${stderr()}`)));
      child.stdout?.on("data", (chunk: Buffer) => {
        stdout = (stdout + chunk.toString("utf8")).slice(-outputCharactersMax);
        const url = /listening on (http:\/\/\S+)/.exec(stdout)?.[1];
        if (url !== undefined) resolve(url);
      });
    });
  } finally {
    clearTimeout(timer);
  }
}
