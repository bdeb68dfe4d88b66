import type { Usage } from "../../../shared/task";
import { addUsage, noUsage } from "../../../shared/usage";
import type { TurnOutcome, TurnReport } from "../../ports/opencode";
import type { SessionStatus } from "./schemas";
import { toOutcome } from "./turn-error";
import type { TurnMessage } from "./turn-message";

/** At most 64 KiB as UTF-8, which takes up to 3 bytes a UTF-16 unit. */
const textCharactersMax = 21_845;

/**
 * The verdict on the turn of one prompt. `messages` is the session's list in OpenCode's order (by time of creation; ids are not
 * reliable for that when clocks differ: seen), `status` was read before them, so that an idle one means "nothing more comes".
 * A turn has succeeded only when it is idle and its last answer is complete, without error, and finished other than by
 * `tool-calls`; idle alone is never success.
 */
export function interpretTurn(messages: readonly TurnMessage[], messageId: string, status: SessionStatus): TurnReport {
  const turn = turnFrom(messages, messageId);
  if (turn.length === 0) return { kind: "absent" };
  if (status.type === "busy") {
    return turn.some(({ runningTools }) => runningTools.length > 0) ? { kind: "running", toolRuns: true } : { kind: "running" };
  }
  if (status.type === "retry") {
    return { kind: "running", retry: { attempt: status.attempt, message: status.message, nextAtEpochMs: status.next } };
  }
  if (!turn.some(isAnswer)) return { kind: "stored" };
  const usage = usageOf(turn);
  const outcome = outcomeOf(turn);
  return outcome === undefined ? { kind: "interrupted", usage } : { kind: "ended", outcome, text: lastWords(turn), usage };
}

/** The prompt with this id and everything that belongs to its turn; empty when it is not there. */
export function turnFrom(messages: readonly TurnMessage[], messageId: string): readonly TurnMessage[] {
  const start = messages.findIndex((message) => message.id === messageId);
  if (start === -1) return [];
  const turn: TurnMessage[] = [];
  let answer: TurnMessage | undefined;
  for (const message of messages.slice(start)) {
    if (turn.length > 0 && message.role === "user" && !continues(turn, answer, message)) break;
    if (isAnswerToPerson(message)) answer = message;
    turn.push(message);
  }
  return turn;
}

export function usageOf(turn: readonly TurnMessage[]): Usage {
  return turn.reduce((sum, message) => addUsage(sum, message.usage), noUsage);
}

/**
 * Is this user message part of the turn before it, whose last answer to the person is `answer`? A compaction puts up to two of them into a turn: its own, and one to go on with,
 * which is synthetic, or after an overflow a plain copy of the prompt (both seen). A person can also add to a turn under way:
 * the next step answers both.
 */
function continues(turn: readonly TurnMessage[], answer: TurnMessage | undefined, next: TurnMessage): boolean {
  if (next.compaction !== undefined || next.synthetic) return true;
  if (answer === undefined) return true;
  if (isFinal(answer) || answer.error !== undefined) return false;
  if (endsWithAutomaticSummary(turn)) return true;
  return answer.finish === "tool-calls" && answer.completedAtEpochMs !== undefined && next.createdAtEpochMs <= answer.completedAtEpochMs;
}

function endsWithAutomaticSummary(turn: readonly TurnMessage[]): boolean {
  const last = turn.at(-1);
  if (last?.summary !== true || last.completedAtEpochMs === undefined || last.error !== undefined) return false;
  return turn.findLast((message) => message.role === "user")?.compaction === "automatic";
}

/** How an idle turn ended; undefined when it never came to an end. */
function outcomeOf(turn: readonly TurnMessage[]): TurnOutcome | undefined {
  const answer = turn.findLast(isAnswerToPerson);
  if (answer !== undefined && isFinal(answer)) return finalOutcome(answer.finish ?? "");
  const last = turn.findLast(isAnswer);
  if (last?.completedAtEpochMs === undefined) return undefined;
  if (last.error !== undefined) return toOutcome(last.error);
  // Something was to follow it, a continuation or the answer to an addition, and did not.
  if (last.summary || last !== turn.at(-1)) return undefined;
  if (last.finish === undefined) return { kind: "aborted" };
  // A rejected tool ends the turn; with all tools done the next step was to come.
  return last.toolFailed ? { kind: "stopped" } : undefined;
}

function finalOutcome(finish: string): TurnOutcome {
  switch (finish) {
    case "length":
      return { kind: "truncated" };
    case "content-filter":
      return { kind: "failed", error: { code: "PROVIDER_REFUSED", message: "the provider's content filter ended the answer" } };
    case "error":
      return { kind: "failed", error: { code: "PROVIDER_UNAVAILABLE", message: "the provider ended the answer with an error" } };
    default:
      return { kind: "succeeded" };
  }
}

function isAnswer(message: TurnMessage): boolean {
  return message.role === "assistant";
}

function isAnswerToPerson(message: TurnMessage): boolean {
  return message.role === "assistant" && !message.summary;
}

function isFinal(answer: TurnMessage): boolean {
  const { completedAtEpochMs, error, finish } = answer;
  return completedAtEpochMs !== undefined && error === undefined && finish !== undefined && finish !== "" && finish !== "tool-calls";
}

function lastWords(turn: readonly TurnMessage[]): string {
  const text = turn.findLast((message) => isAnswerToPerson(message) && message.text !== "")?.text ?? "";
  if (text.length <= textCharactersMax) return text;
  return text.slice(-textCharactersMax).replace(/^[\uDC00-\uDFFF]/, "");
}
