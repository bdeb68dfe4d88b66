import { setTimeout as pause } from "node:timers/promises";
import { OctoError } from "../../octo-error";
import type { Endpoint, LaunchedServer } from "../../ports/opencode";
import type { ExitInfo } from "../../ports/processes";
import { askHealth } from "./launcher-http";

/** A booting server may never answer its first request (seen), so that a start waits for the first try; a loaded one took 11.5 s (seen). */
const tryDeadlinesMs = { first: 250, max: 15_000 } as const;
const pauseMs = 100;
/** A foreign server on the port may answer while ours still boots; when ours finds the port taken it ends by itself. */
const foreignPatienceMs = 10_000;

export interface ReadyOptions {
  /** How long to wait, from now. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  /** Why the process ended; its error is raised. */
  readonly explainExit: (exit: ExitInfo) => Promise<OctoError>;
}

/**
 * Settles with the version as soon as the server answers its health with our password and refuses it without.
 * The second half proves that it is ours (a foreign unsecured server would take any password) and that it is locked.
 * Raises what `explainExit` gives when the process ends first, INSTANCE_START_TIMEOUT, OPENCODE_UNAUTHORISED,
 * or the signal's reason.
 */
export async function waitHealthy(server: LaunchedServer, options: ReadyOptions): Promise<{ readonly version: string }> {
  const { url } = server.endpoint;
  const endAtMs = performance.now() + options.deadlineMs;
  let exit: ExitInfo | undefined;
  const exited = server.exited.then((info) => {
    exit = info;
  });
  let foreignSinceMs: number | undefined;
  let last = "nothing";
  let tryDeadlineMs: number = tryDeadlinesMs.first;
  for (;;) {
    options.signal.throwIfAborted();
    if (exit !== undefined) throw await options.explainExit(exit);
    const leftMs = endAtMs - performance.now();
    if (leftMs <= 0)
      throw new OctoError("INSTANCE_START_TIMEOUT", `${url} was not ready within ${options.deadlineMs} ms; last answer: ${last}.`);

    const askedAtMs = performance.now();
    const answer = await askWithin(Math.min(tryDeadlineMs, leftMs), server, exited, options.signal);
    if (performance.now() - askedAtMs >= tryDeadlineMs) tryDeadlineMs = Math.min(tryDeadlineMs * 2, tryDeadlinesMs.max);
    if (answer?.kind === "healthy" && exit === undefined) return { version: answer.version };
    if (answer?.kind === "unauthorised" || answer?.kind === "foreign") {
      foreignSinceMs ??= performance.now();
      if (performance.now() - foreignSinceMs > foreignPatienceMs) {
        throw new OctoError("OPENCODE_UNAUTHORISED", `${url} is answered by a server that is not this instance.`);
      }
    }
    if (answer !== undefined) last = answer.kind === "silent" ? answer.reason : answer.kind;
    await firstOf(pause(pauseMs), exited, options.signal);
  }
}

/** Undefined when the process ended or somebody cancelled meanwhile. */
async function askWithin(deadlineMs: number, server: LaunchedServer, exited: Promise<void>, signal: AbortSignal) {
  // Not AbortSignal.any with a timeout in it: Node 20 collects that and it never fires (seen).
  const end = new AbortController();
  const timer = setTimeout(() => end.abort(new Error(`no answer within ${Math.round(deadlineMs)} ms`)), deadlineMs);
  try {
    return await firstOf(askOwn(server.endpoint, end.signal), exited, signal);
  } finally {
    clearTimeout(timer);
    end.abort();
  }
}

async function askOwn({ url, password }: Endpoint, signal: AbortSignal) {
  const answer = await askHealth(url, password, signal);
  if (answer.kind !== "healthy") return answer;
  const unlocked = await askHealth(url, undefined, signal);
  if (unlocked.kind === "unauthorised") return answer;
  return unlocked.kind === "healthy" ? ({ kind: "foreign", statusCode: 200 } as const) : unlocked;
}

/** The result of `work`, or undefined as soon as the process has ended or somebody cancels. */
async function firstOf<Result>(work: Promise<Result>, exited: Promise<void>, signal: AbortSignal): Promise<Result | undefined> {
  let cancel = () => {};
  const cancelled = new Promise<void>((resolve) => {
    cancel = resolve;
  });
  signal.addEventListener("abort", cancel);
  try {
    return (await Promise.race([work, exited, cancelled])) ?? undefined;
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}
