import { type ChildProcessByStdio, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { homedir } from "node:os";
import type { Readable } from "node:stream";
import type { Processes, ProcessIdentity } from "../../ports/processes";
import { sendSignal } from "../../send-signal";
import { systemErrorCode } from "../../system-error-code";
import { createProcesses } from "./create-processes";

export type Environment = Readonly<Record<string, string>>;

export interface LoginEnvironment {
  readonly environment: Environment;
  readonly source: "login-shell" | "fallback";
  /** Why it is the fallback, for `octo doctor`; never holds a value of the environment. */
  readonly reason?: string | undefined;
}

export interface CaptureRequest {
  /** Absolute path, from `$SHELL`; undefined where there is none. bash, zsh, fish and POSIX sh work. */
  readonly shell: string | undefined;
  /** What the shell starts with, and what is used when it gives nothing: usually our own environment. */
  readonly fallback: Environment;
  readonly deadlineMs: number;
}

const outputBytesMax = 4 * 1024 * 1024;
/** A shell that has told its environment may run its logout scripts for that long. */
const logoutTimeMaxMs = 1_000;
/** Set while the shell runs, so that the user's files can tell; not in the result. */
const captureVariable = "OCTO_CAPTURES_ENVIRONMENT";
/** True of the shell that told the environment, not of what will use it. */
const dropped = new Set([captureVariable, "_", "SHLVL", "PWD", "OLDPWD"]);

/**
 * The environment of the user's login shell, as a terminal's would be: a GUI's own has a minimal PATH and no keys. Never raises: a
 * shell that hangs, asks, fails or says nothing gives the fallback, with the reason.
 */
export async function captureLoginEnvironment(request: CaptureRequest): Promise<LoginEnvironment> {
  const { shell, fallback } = request;
  const fail = (reason: string): LoginEnvironment => ({ environment: fallback, source: "fallback", reason });
  if (shell === undefined || shell === "") return fail("no login shell is known: $SHELL is not set");
  if (/['\\]/.test(process.execPath)) return fail(`the path of node has a character that shells disagree on: ${process.execPath}`);
  const marker = randomUUID();
  let child: ShellProcess;
  try {
    child = startShell(shell, marker, fallback);
  } catch (thrown) {
    return fail(`${shell} does not start: ${systemErrorCode(thrown) ?? "unknown error"}`);
  }
  let graceMs = 0;
  try {
    const told = await toldBetween(child, marker, request.deadlineMs);
    if (typeof told !== "string") return fail(`${shell} ${told.problem}`);
    graceMs = logoutTimeMaxMs;
    const environment = parseEnvironment(told);
    return environment.PATH === undefined ? fail(`${shell} told an environment without PATH`) : { environment, source: "login-shell" };
  } finally {
    child.stdout.destroy();
    await endShell(child, graceMs);
  }
}

type ShellProcess = ChildProcessByStdio<null, Readable, null>;

function startShell(shell: string, marker: string, fallback: Environment): ShellProcess {
  // Our own node prints, since `env -0` is not everywhere; no quote, backslash or exclamation mark that some shell would read.
  const print =
    "const e = process.env; const m = process.argv[1];" +
    "process.stdout.write([m, ...Object.keys(e).map((k) => k + String.fromCharCode(61) + e[k]), m].join(String.fromCharCode(0)))";
  return spawn(shell, ["-l", "-i", "-c", `'${process.execPath}' -e '${print}' ${marker}`], {
    cwd: fallback.HOME ?? homedir(),
    env: { ...fallback, [captureVariable]: "1" },
    // A session of its own: an interactive shell in the background of ours would stop at the terminal.
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
  });
}

/** What stands between the two markers, whatever chatty files print around it. */
function toldBetween(child: ShellProcess, marker: string, deadlineMs: number): Promise<string | { readonly problem: string }> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const settle = (result: string | { readonly problem: string }) => {
      clearTimeout(deadline);
      resolve(result);
    };
    const deadline = setTimeout(() => settle({ problem: `did not tell its environment within ${deadlineMs} ms` }), deadlineMs);
    child.on("error", (error) => settle({ problem: `does not start: ${systemErrorCode(error) ?? "unknown error"}` }));
    child.stdout.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.byteLength;
      if (bytes > outputBytesMax) return settle({ problem: `printed more than ${outputBytesMax} bytes` });
      const told = Buffer.concat(chunks).toString("utf8").split(`${marker}\0`)[1]?.split(`\0${marker}`);
      // The background processes of its files may hold the pipe open: the second marker is the end.
      if (told !== undefined && told.length > 1) settle(told[0] ?? "");
    });
    child.stdout.on("error", () => settle({ problem: "could not be read" }));
    child.on("close", (code, signal) => settle({ problem: `ended (${signal ?? code}) without telling its environment` }));
  });
}

function parseEnvironment(told: string): Environment {
  const entries = told.split("\0").flatMap((entry): [string, string][] => {
    const split = entry.indexOf("=");
    const name = entry.slice(0, split);
    return split < 1 || dropped.has(name) ? [] : [[name, entry.slice(split + 1)]];
  });
  return Object.fromEntries(entries);
}

/** Waits for a shell that ends by itself; else kills it, its group, and what it started in groups of their own (fish does). */
async function endShell(child: ShellProcess, graceMs: number): Promise<void> {
  if (child.pid === undefined || (await endsWithin(child, graceMs))) return;
  const others = await descendantsOf(createProcesses(process.platform), child.pid);
  sendSignal({ groupId: child.pid }, "SIGKILL");
  for (const { pid } of others) sendSignal({ pid }, "SIGKILL");
  await endsWithin(child, logoutTimeMaxMs);
}

/** None when the system does not tell: the group is killed all the same. */
async function descendantsOf(processes: Processes, pid: number): Promise<readonly ProcessIdentity[]> {
  try {
    const shell = await processes.identify(pid);
    return shell === undefined ? [] : await processes.descendants(shell);
  } catch {
    return [];
  }
}

function endsWithin(child: ShellProcess, timeMs: number): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(true);
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, timeMs, false);
    child.once("exit", () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
