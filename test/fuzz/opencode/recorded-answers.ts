import { readFileSync } from "node:fs";
import { z } from "zod";
import { OctoError } from "../../../bridge/octo-error";

const answerSchema = z.object({
  route: z.string(),
  status: z.number(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});
export type RecordedAnswer = z.infer<typeof answerSchema>;

/** What OpenCode 1.18.33 answered to each request that octo makes: sessions with tools, a subagent, asks, retries and failures. */
export const recordedAnswers: readonly RecordedAnswer[] = readFileSync(
  new URL("../../fixtures/opencode-answers.jsonl", import.meta.url),
  "utf8",
)
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => answerSchema.parse(JSON.parse(line)));

/** A recorded answer to the request: `choice` takes one of them, 0 the usual one. */
export function answerTo(method: string, path: string, choice = 0): RecordedAnswer {
  const route = routeOf(method, path);
  const fitting = recordedAnswers.filter((answer) => answer.route === route);
  const found = fitting[choice % fitting.length];
  if (found === undefined) throw new OctoError("INTERNAL", `no answer was recorded for ${method} ${path}`);
  return found;
}

function routeOf(method: string, path: string): string {
  const [, first = "", second = "", third = ""] = path.split("/");
  if (first === "global") return "health";
  if (first === "config") return "providers";
  if (first === "instance") return "dispose";
  if (first === "permission" || first === "question") return second === "" ? `${first}s` : "reply";
  if (first !== "session") return "any";
  if (second === "") return "create";
  if (second === "status") return "statuses";
  if (third === "message") return "messages";
  return third === "prompt_async" ? "prompt" : third || (method === "GET" ? "session" : "any");
}
