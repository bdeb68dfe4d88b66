/**
 * What a prompt tells the model stand-in to do, in the order written. Everything outside `[[…]]` is ignored.
 * `child` may hold directives of its own: brackets nest.
 */
export type Directive =
  /** Counts turns: which prompt this is. */
  | { readonly kind: "task"; readonly mark: string }
  | { readonly kind: "say"; readonly text: string }
  | { readonly kind: "slow"; readonly tokens: number; readonly intervalMs: number }
  /** Waits until the test opens the gate of that name. */
  | { readonly kind: "gate"; readonly name: string }
  /** `asked`: a permission is needed first. */
  | { readonly kind: "bash"; readonly command: string; readonly asked: boolean }
  | { readonly kind: "write"; readonly path: string; readonly text: string }
  /** Appends the line unless the file holds it: doing it twice does no harm. */
  | { readonly kind: "ensure"; readonly path: string; readonly line: string }
  | { readonly kind: "question"; readonly question: string; readonly options: readonly string[] }
  | { readonly kind: "child"; readonly prompt: string }
  /** The provider answers with `code`, `times` times, then as usual. */
  | { readonly kind: "status"; readonly code: number; readonly times: number; readonly retryAfterMs: number | undefined }
  | { readonly kind: "hang" }
  | { readonly kind: "length" };

export function parseDirectives(prompt: string): readonly Directive[] {
  return bracketed(prompt).flatMap((body) => directive(body) ?? []);
}

/** The texts between `[[` and the `]]` that belongs to it. */
function bracketed(prompt: string): readonly string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < prompt.length - 1; at += 1) {
    const pair = prompt.slice(at, at + 2);
    if (pair === "[[") {
      if (depth === 0) start = at + 2;
      depth += 1;
      at += 1;
    } else if (pair === "]]" && depth > 0) {
      depth -= 1;
      if (depth === 0) found.push(prompt.slice(start, at));
      at += 1;
    }
  }
  return found;
}

function directive(body: string): Directive | undefined {
  const colon = body.indexOf(":");
  const name = colon < 0 ? body : body.slice(0, colon);
  const rest = colon < 0 ? "" : body.slice(colon + 1);
  switch (name) {
    case "task":
      return { kind: "task", mark: rest };
    case "say":
      return { kind: "say", text: rest };
    case "slow":
      return { kind: "slow", tokens: numberAt(rest, 0) ?? 10, intervalMs: numberAt(rest, 1) ?? 20 };
    case "gate":
      return { kind: "gate", name: rest };
    case "bash":
      return { kind: "bash", command: rest, asked: false };
    case "ask":
      return { kind: "bash", command: rest, asked: true };
    case "write": {
      const [path, text] = halves(rest);
      return { kind: "write", path, text: unescaped(text) };
    }
    case "ensure": {
      const [path, line] = halves(rest);
      return { kind: "ensure", path, line };
    }
    case "question": {
      const [question = "", ...options] = rest.split("|");
      return { kind: "question", question: question || "Which colour?", options: options.length > 0 ? options : ["Red", "Blue"] };
    }
    case "child":
      return { kind: "child", prompt: rest };
    case "status": {
      const code = numberAt(rest, 0) ?? 500;
      const retryAfterS = numberAt(rest, 2);
      const times = numberAt(rest, 1) ?? Number.POSITIVE_INFINITY;
      return { kind: "status", code, times, retryAfterMs: retryAfterS === undefined ? undefined : retryAfterS * 1000 };
    }
    case "hang":
      return { kind: "hang" };
    case "length":
      return { kind: "length" };
    default:
      return undefined;
  }
}

function numberAt(text: string, index: number): number | undefined {
  const field = text.split(":")[index];
  if (field === undefined || field === "") return undefined;
  const value = Number(field);
  return Number.isFinite(value) ? value : undefined;
}

function halves(text: string): readonly [string, string] {
  const bar = text.indexOf("|");
  return bar < 0 ? [text, ""] : [text.slice(0, bar), text.slice(bar + 1)];
}

function unescaped(text: string): string {
  return text.replaceAll("\\n", "\n");
}
