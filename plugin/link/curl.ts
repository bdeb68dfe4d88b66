import * as wezterm from "wezterm";
import { attempt } from "../attempt";

/** How a request over the bridge's socket went. */
export type Answer =
  /** JSON; `text` is what it was read from. */
  | { readonly kind: "answer"; readonly body: unknown; readonly text: string }
  /** Nobody listens. */
  | { readonly kind: "nobody" }
  /** No answer, half an answer, or none that is JSON. */
  | { readonly kind: "failed"; readonly reason: string }
  /** curl itself cannot be run. */
  | { readonly kind: "no-curl"; readonly reason: string };

export interface Request {
  readonly curl: string;
  readonly socketFile: string;
  /** Path and query. */
  readonly path: string;
  /** Of the whole request; curl gives up then. */
  readonly timeoutS: number;
  /** JSON to post: the file that holds it, or the text itself where it holds nothing private (argv is for all to see). */
  readonly body?: { readonly file: string } | { readonly text: string };
}

const answerBytesMax = 16 * 1024 * 1024;
/** curl's exit code: no connection. */
const noConnection = "7";

/** Yields until the answer is there or the time is up. Raises nothing. */
export function request(asked: Request): Answer {
  const run = attempt(() => {
    const [ok, output, errors] = wezterm.run_child_process(argumentsOf(asked));
    return { ok, output, errors };
  });
  if (!run.ok) return { kind: "no-curl", reason: `${asked.curl} cannot be run: ${run.message}` };
  const { ok, output, errors } = run.value;
  if (!ok) {
    const [code] = string.match(errors, "curl: %((%d+)%)");
    return code === noConnection ? { kind: "nobody" } : { kind: "failed", reason: firstLine(errors) };
  }
  const parsed = attempt(() => wezterm.json_parse(output));
  return parsed.ok ? { kind: "answer", body: parsed.value, text: output } : { kind: "failed", reason: "the answer is cut off or no JSON" };
}

function argumentsOf({ curl, socketFile, path, timeoutS, body }: Request): string[] {
  // -q comes first: the user's ~/.curlrc is not for us. A proxy of the environment neither.
  const args = [curl, "-q", "-sS", "--noproxy", "*", "--unix-socket", socketFile, "--connect-timeout", "5"];
  args.push("--max-time", `${Math.floor(timeoutS)}`, "--max-filesize", `${answerBytesMax}`);
  if (body !== undefined) {
    args.push("-H", "content-type: application/json", "-H", "Expect:", "--data-binary", "file" in body ? `@${body.file}` : body.text);
  }
  args.push(`http://octo${path}`);
  return args;
}

function firstLine(text: string): string {
  const [line] = string.match(text, "^[^\n]+");
  return line ?? "no answer";
}
