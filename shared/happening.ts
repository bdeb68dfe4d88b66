/** What a person, or a program of theirs, may want to be told of. One a change of state that matters. */
export const happeningKinds = [
  "task.started",
  "task.succeeded",
  "task.failed",
  "task.cancelled",
  "ask.opened",
  "ask.answered",
  "instance.failed",
  "instance.restarted",
  "host.lost",
  "host.back",
  "limit.reached",
  "limit.lifted",
] as const;
export type HappeningKind = (typeof happeningKinds)[number];

/** Any end of a task, whatever came of it. */
const finishedPattern = "task.finished";

/** A name, one with `*` in it for any letters, or `task.finished` for the three ends of a task. */
export function matchesKind(pattern: string, kind: string): boolean {
  if (pattern === finishedPattern) return kind === "task.succeeded" || kind === "task.failed" || kind === "task.cancelled";
  const pieces = pattern.split("*");
  if (pieces.length === 1) return pattern === kind;
  const [first = "", ...others] = pieces;
  const last = others.pop() ?? "";
  if (!kind.startsWith(first) || !kind.endsWith(last) || kind.length < first.length + last.length) return false;
  let rest = kind.slice(first.length, kind.length - last.length);
  for (const piece of others) {
    const at = rest.indexOf(piece);
    if (at < 0) return false;
    rest = rest.slice(at + piece.length);
  }
  return true;
}

/** Raised by one at every change that an older reader would misread; new fields do not count. */
export const happeningVersion = 1 as const;

/** What a hook gets on stdin, and the board as a message: one line of JSON. Texts are inert, and cut at 4 KiB. */
export interface HappeningView {
  readonly version: typeof happeningVersion;
  /** The same when a hook is run again for it: after a crash of the bridge, say. */
  readonly id: string;
  readonly on: HappeningKind;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** One line for people. */
  readonly summary: string;
  readonly task?: HappeningTask | undefined;
  readonly instance?: { readonly id: string; readonly name: string; readonly host: string; readonly state: string } | undefined;
  readonly ask?: { readonly id: string; readonly kind: string; readonly title: string } | undefined;
  readonly host?: string | undefined;
  /** Why an instance failed, a host was lost, the queue is paused. */
  readonly reason?: string | undefined;
}

export interface HappeningTask {
  readonly id: string;
  readonly title: string;
  readonly prompt: string;
  readonly directory: string;
  readonly state: string;
  /** From 1. */
  readonly attempt: number;
  readonly runMs: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
  /** US dollars. */
  readonly cost: number;
  readonly branch?: string | undefined;
  readonly files?: number | undefined;
  /** The model's last words. */
  readonly text: string;
  readonly error?: { readonly code: string; readonly message: string } | undefined;
}

/** One run of a hook, as `octo logs hooks` shows it. */
export interface HookRun {
  /** ISO 8601, UTC: when it ended. */
  readonly at: string;
  /** Of what happened. */
  readonly id: string;
  readonly on: string;
  readonly command: readonly string[];
  /** succeeded, failed, timed-out, not-started, given-up; `dropped`: too many were waiting. */
  readonly outcome: string;
  readonly detail: string;
  readonly durationMs: number;
  readonly output: string;
}
