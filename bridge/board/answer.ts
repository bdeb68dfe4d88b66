import type { AskAnswer, AskView } from "../../shared/ask";
import { type Answered, type Answering, withChosen, withDigit } from "../panes/answering";
import { type BoardState, currentAsk } from "./state";
import type { Stepped } from "./step";

/** Less than a person needs to read what just appeared. */
const readTimeMs = 400;

/** Gives an answer to the ask that is shown, unless it just appeared or the key did not come alone. */
export function answered(state: BoardState, answer: AskAnswer, alone: boolean): Stepped {
  const ask = currentAsk(state);
  if (!ask || !alone) return only(state);
  if (!isRead(state, ask)) return only({ ...state, notice: { text: "that just appeared: read it, then press again", isError: false } });
  return send(state, ask, answer);
}

/** A digit chooses an option of a question. */
export function withDigitPressed(state: BoardState, digit: number, alone: boolean): Stepped {
  const ask = currentAsk(state);
  if (ask?.content.kind !== "question" || !alone) return only(state);
  if (!isRead(state, ask)) return only({ ...state, notice: { text: "that just appeared: read it, then press again", isError: false } });
  return withAnswered(state, ask, withDigit(answeringOf(state, ask), ask.content.questions, digit));
}

/** Enter sends what was chosen where several may be; undefined where nothing was. */
export function withChosenSent(state: BoardState): Stepped | undefined {
  const ask = currentAsk(state);
  const answering = state.answering;
  if (ask?.content.kind !== "question" || answering?.askId !== ask.id || answering.chosen.length === 0) return undefined;
  return withAnswered(state, ask, withChosen(answering, ask.content.questions));
}

export function isRead({ shownAsk, nowMs }: BoardState, { id }: AskView): boolean {
  return shownAsk?.id === id && nowMs - shownAsk.sinceMs >= readTimeMs;
}

function answeringOf({ answering }: BoardState, { id }: AskView): Answering {
  return answering?.askId === id ? answering : { askId: id, done: [], chosen: [] };
}

function withAnswered(state: BoardState, ask: AskView, given: Answered | undefined): Stepped {
  if (!given) return only(state);
  return "answering" in given
    ? only({ ...state, answering: given.answering })
    : send({ ...state, answering: undefined }, ask, given.answer);
}

function send(state: BoardState, { id }: AskView, answer: AskAnswer): Stepped {
  return {
    state,
    acts: [{ kind: "call", call: { method: "answer_ask", params: { askId: id, answer, surface: "board" } }, done: doneText(answer) }],
  };
}

function doneText(answer: AskAnswer): string {
  if (answer.kind === "allow") return answer.scope === "once" ? "allowed once" : "allowed always";
  return answer.kind === "deny" ? "denied" : "answered";
}

function only(state: BoardState): Stepped {
  return { state, acts: [] };
}
