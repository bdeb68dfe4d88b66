import { type ToolCall, toolCallParsers } from "./tool-calls";

/** One thing that a prompt tells the stand-in to do. A tool directive ends the answer; the next one is played when OpenCode brings its result. */
export type Directive =
  | { readonly kind: "say"; readonly text: string }
  | { readonly kind: "slow"; readonly words: number; readonly gapMs: number }
  /** Waits until `POST /release/NAME`. */
  | { readonly kind: "gate"; readonly name: string }
  | { readonly kind: "tool"; readonly call: ToolCall }
  | { readonly kind: "status"; readonly code: number; readonly times: number; readonly retryAfterS: number | undefined }
  /** The context overflow error that makes OpenCode compact the session. */
  | { readonly kind: "overflow"; readonly times: number }
  /** No byte, not even headers, until the client goes away. */
  | { readonly kind: "hang"; readonly times: number }
  /** The connection breaks in the middle of the answer. */
  | { readonly kind: "cut"; readonly times: number }
  /** Ends the answer with the finish reason `length`. */
  | { readonly kind: "length" };

export interface Script {
  /** The name in `[[task:NAME]]`: what turns are counted under. */
  readonly task: string | undefined;
  readonly directives: readonly Directive[];
  /** The first directive that could not be read, with the form it should have. */
  readonly fault: string | undefined;
}

const timesMax = 1_000;
const wordsMax = 100_000;
const gapMaxMs = 60_000;

const usage: Readonly<Record<string, string>> = {
  say: "[[say:text]]",
  slow: "[[slow:words:gapMs]]",
  gate: "[[gate:name]]",
  status: "[[status:code:times:retryAfterS]], the last two may be left out",
  overflow: "[[overflow]] or [[overflow:times]]",
  hang: "[[hang]] or [[hang:times]]",
  cut: "[[cut]] or [[cut:times]]",
  length: "[[length]]",
  bash: "[[bash:command]]",
  ask: "[[ask:command]]",
  write: "[[write:path|text]]",
  edit: "[[edit:path|old|new]]",
  ensure: "[[ensure:path|line]]",
  question: "[[question:text|A|B]]",
  child: "[[child:prompt]]",
};

/** Reads the directives of a prompt, in order. Double brackets may be nested (a child's prompt); unknown names are plain text. */
export function parseScript(prompt: string): Script {
  let task: string | undefined;
  let fault: string | undefined;
  const directives: Directive[] = [];
  for (const body of bracketed(prompt)) {
    const colon = body.indexOf(":");
    const name = colon === -1 ? body : body.slice(0, colon);
    const argument = colon === -1 ? "" : body.slice(colon + 1);
    if (name === "task") {
      task ??= argument;
      continue;
    }
    const form = usage[name];
    if (form === undefined) continue;
    const directive = parseDirective(name, argument);
    if (directive === undefined) fault ??= `[[${body}]] should be ${form}`;
    else directives.push(directive);
  }
  return { task, directives, fault };
}

function parseDirective(name: string, argument: string): Directive | undefined {
  switch (name) {
    case "say":
      return { kind: "say", text: argument };
    case "gate":
      return argument === "" ? undefined : { kind: "gate", name: argument };
    case "length":
      return { kind: "length" };
    case "slow":
      return parseSlow(argument);
    case "status":
      return parseStatus(argument);
    case "overflow":
    case "cut": {
      const times = wholeNumber(argument === "" ? "1" : argument, timesMax);
      return times === undefined ? undefined : { kind: name, times };
    }
    case "hang": {
      const times = argument === "" ? Number.POSITIVE_INFINITY : wholeNumber(argument, timesMax);
      return times === undefined ? undefined : { kind: "hang", times };
    }
    default: {
      const call = toolCallParsers[name]?.(argument);
      return call === undefined ? undefined : { kind: "tool", call };
    }
  }
}

function parseSlow(argument: string): Directive | undefined {
  const [words, gap, ...rest] = argument.split(":");
  const count = wholeNumber(words, wordsMax);
  const gapMs = wholeNumber(gap, gapMaxMs);
  return count === undefined || gapMs === undefined || rest.length > 0 ? undefined : { kind: "slow", words: count, gapMs };
}

function parseStatus(argument: string): Directive | undefined {
  const [codeText, timesText = "1", retryAfterText, ...rest] = argument.split(":");
  const code = wholeNumber(codeText, 599);
  const times = wholeNumber(timesText, timesMax);
  const retryAfterS = retryAfterText === undefined ? undefined : wholeNumber(retryAfterText, 86_400);
  if (code === undefined || code < 400 || times === undefined || rest.length > 0) return undefined;
  if (retryAfterText !== undefined && retryAfterS === undefined) return undefined;
  return { kind: "status", code, times, retryAfterS };
}

function wholeNumber(text: string | undefined, max: number): number | undefined {
  if (text === undefined || !/^\d{1,9}$/.test(text)) return undefined;
  const value = Number(text);
  return value <= max ? value : undefined;
}

/** What stands between outermost `[[` and `]]`, in order; an opening that is never closed is plain text. */
function* bracketed(text: string): Generator<string> {
  let depth = 0;
  let start = 0;
  for (const match of text.matchAll(/\[\[|\]\]/g)) {
    if (match[0] === "[[") {
      if (depth === 0) start = match.index + 2;
      depth += 1;
    } else if (depth > 0) {
      depth -= 1;
      if (depth === 0) yield text.slice(start, match.index);
    }
  }
}
