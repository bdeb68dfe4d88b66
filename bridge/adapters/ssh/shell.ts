import { type ChildProcessByStdio, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import type { Readable, Writable } from "node:stream";
import { OctoError } from "../../octo-error";
import { bootstrap } from "./remote-program";
import { masterGone, type SshProgram, shellArguments, sshEnvironment } from "./ssh-arguments";
import { sshError } from "./ssh-error";
import { createTail, type Tail } from "./tail";

/** Start files of a slow login shell run before ours. */
const startDeadlineMs = 15_000;
/** What start files may print before ours. */
const noiseBytesMax = 1024 * 1024;
const outputBytesMax = 4 * 1024 * 1024;

export interface ShellOutput {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One `sh` on a host, in one session of the master, that runs one script after another: no start is paid for but a fork. */
export interface RemoteShell {
  /** HOST_COMMAND_TIMEOUT and HOST_LINK_LOST end the shell; the script may go on, or may never have begun. */
  run(script: string, deadlineMs: number): Promise<ShellOutput>;
  /** Time of one line there and back. */
  ping(deadlineMs: number): Promise<number>;
  /** Runs a script whose stdin and stdout are the session's own; the shell ends with it. */
  stream(script: string): ShellStream;
  isOpen(): boolean;
  /** Bytes that the login shell's start files printed. */
  readonly noiseBytes: number;
  close(): void;
}

export interface ShellStream {
  readonly child: ShellProcess;
  /** Settles when the script has ended. HOST_LINK_LOST when nobody knows. */
  readonly ended: Promise<{ readonly code: number; readonly stderr: string }>;
}

export interface ShellRequest {
  readonly ssh: SshProgram;
  readonly controlPath: string;
  readonly host: string;
  readonly owner: string;
}

export type ShellProcess = ChildProcessByStdio<Writable, Readable, Readable>;

/** Not by execa: it reads on what nobody reads at once, and a pack would lose its beginning (seen, execa 9.6). */
function spawnShell({ ssh, controlPath }: ShellRequest): ShellProcess {
  return spawn(ssh.command ?? "ssh", shellArguments(controlPath), { env: { ...sshEnvironment(ssh) }, stdio: ["pipe", "pipe", "pipe"] });
}

/** HOST_SHELL_UNUSABLE, HOST_SESSIONS_REFUSED, HOST_LINK_LOST. */
export async function openShell(request: ShellRequest): Promise<RemoteShell> {
  const { host, owner } = request;
  const nonce = randomBytes(12).toString("hex");
  const child = spawnShell(request);
  // A dead session no longer reads: its end is told by `child`.
  child.stdin.on("error", () => undefined);
  const stdout = createTail(child.stdout, outputBytesMax);
  const stderr = createTail(child.stderr, outputBytesMax);
  let isOpen = true;
  const gone = new Promise<OctoError>((resolve) => {
    const end = (reason = ""): void => {
      isOpen = false;
      resolve(sshError(host, `${stderr.rest()}${reason}`, "HOST_LINK_LOST"));
    };
    // After all that it wrote has been read.
    child.on("close", () => end());
    child.on("error", ({ message }) => end(message));
  });
  const close = (): void => {
    isOpen = false;
    child.kill("SIGKILL");
  };
  const failed = async (thrown: unknown): Promise<never> => {
    close();
    throw thrown;
  };

  child.stdin.write(bootstrap(owner, nonce));
  const ready = `\n${nonce} ready\n`;
  const noise = await ended([stdout.until(ready, noiseBytesMax), stderr.until(ready)], gone, startDeadlineMs, host).catch((thrown) =>
    failed(notReady(thrown, stdout, host)),
  );
  const noiseBytes = noise[0]?.length ?? 0;

  let sequence = 0;
  const ask = async (kind: string, script: string, deadlineMs: number): Promise<ShellOutput> => {
    sequence += 1;
    const head = `${nonce}:${sequence}${kind}`;
    child.stdin.write(kind === " ping" ? `${head}\n` : `${head}\n${script}\n${head}.\n`);
    const [out, err] = await ended([stdout.until(`\n${head} `), stderr.until(`\n${head}\n`)], gone, deadlineMs, host).catch(failed);
    const code = await ended([stdout.until("\n")], gone, deadlineMs, host).catch(failed);
    return { code: Number(code[0]?.toString()), stdout: out?.toString("utf8") ?? "", stderr: err?.toString("utf8") ?? "" };
  };

  return {
    noiseBytes,
    isOpen: () => isOpen,
    run: (script, deadlineMs) => ask("", script, deadlineMs),
    async ping(deadlineMs) {
      const sentAtMs = performance.now();
      await ask(" ping", "", deadlineMs);
      return performance.now() - sentAtMs;
    },
    stream(script) {
      isOpen = false;
      sequence += 1;
      const head = `${nonce}:${sequence} stream`;
      stdout.release();
      child.stdin.write(`${head}\n${script}\n${head}.\n`);
      const end = async () => {
        const text = (await stderr.until(`\n${head} `)).toString("utf8");
        return { code: Number((await stderr.until("\n")).toString()), stderr: text };
      };
      return { child, ended: Promise.race([end(), gone.then((error) => Promise.reject(error))]) };
    },
    close,
  };
}

/** All of them, unless the shell ends first or the deadline passes. */
async function ended<Result>(
  parts: readonly Promise<Result>[],
  gone: Promise<OctoError>,
  deadlineMs: number,
  host: string,
): Promise<readonly Result[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new OctoError("HOST_COMMAND_TIMEOUT", `${host} did not answer within ${deadlineMs} ms`)), deadlineMs);
  });
  // What has come counts, also when the end came with it.
  const over = gone.then((error) => new Promise<never>((_, reject) => setImmediate(reject, error)));
  try {
    return await Promise.race([Promise.all(parts), late, over]);
  } finally {
    clearTimeout(timer);
    late.catch(() => undefined);
    over.catch(() => undefined);
  }
}

const saysLinkLost = new RegExp(`${masterGone}|mux|control socket|closed|broken pipe|connection reset`, "i");

/** A shell that ended or waits before ours is the start files' doing, unless ssh itself says why. */
function notReady(thrown: unknown, stdout: Tail, host: string): unknown {
  if (!(thrown instanceof OctoError)) return thrown;
  const isOurs = thrown.code === "HOST_SESSIONS_REFUSED" || (thrown.code === "HOST_LINK_LOST" && saysLinkLost.test(thrown.message));
  if (isOurs) return thrown;
  const said = stdout.rest().trim().slice(-200);
  return new OctoError(
    "HOST_SHELL_UNUSABLE",
    `${host}: no POSIX shell began (${thrown.message})${said === "" ? "" : `; it printed: ${said}`}`,
  );
}
