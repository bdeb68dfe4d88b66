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
export function matchesKind(pattern: string, kind: HappeningKind): boolean {
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
