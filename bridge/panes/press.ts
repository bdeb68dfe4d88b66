import type { AskAnswer, AskView, Question } from "../../shared/ask";
import type { AskId } from "../../shared/ids";
import { type Answering, withChosen, withDigit } from "./answering";
import { lastFrom, permissionBody } from "./draw-ask";
import { type Key, readKeys } from "./keys";
import { currentAsk, type PaneState, selectedTask } from "./pane-state";
import type { PaneContent } from "./pane-world";

/** What a key asks for beyond the screen itself. */
export type PaneAct =
  | { readonly kind: "attach" }
  | { readonly kind: "quit" }
  | { readonly kind: "answer"; readonly askId: AskId; readonly answer: AskAnswer };

export interface Pressed {
  readonly state: PaneState;
  readonly act?: PaneAct | undefined;
}

/** Less than a person needs to read what just appeared. */
const readTimeMs = 400;
/** Fewer lines than a usual pane gives to an ask: no line is passed over. */
const pageLines = 6;
/** No pane of use has fewer: so many lines at most can be asked for. */
const narrowColumns = 40;

/** What the bytes of a key, or of several, do. Keys that answer count only when they come alone. */
export function press(state: PaneState, content: PaneContent, bytes: string, nowMs: number): Pressed {
  const { keys, unread } = readKeys(bytes, state.unread);
  let pressed: Pressed = { state: { ...state, unread, notice: "" } };
  for (const key of keys) {
    if (pressed.act) break;
    pressed = pressOne(pressed.state, content, key, { alone: keys.length === 1, nowMs });
  }
  return pressed;
}

function pressOne(state: PaneState, content: PaneContent, key: Key, how: { readonly alone: boolean; readonly nowMs: number }): Pressed {
  const at = content.tasks.findIndex(({ id }) => id === selectedTask(content, state)?.id);
  switch (key.kind) {
    case "up":
      return moved(state, content, at - 1);
    case "down":
      return moved(state, content, at + 1);
    case "first":
      return moved(state, content, 0);
    case "last":
      return moved(state, content, content.tasks.length - 1);
    case "next-ask":
      return toNextAsk(state, content, at);
    case "quit":
      return { state, act: { kind: "quit" } };
    case "enter":
      // What was selected now is opened, whatever comes first by the time the session is asked for.
      if (!isChoosing(state, content))
        return { state: { ...state, cursor: content.tasks[at]?.id ?? state.cursor }, act: { kind: "attach" } };
      return answered(state, content, key, how);
    case "on":
      return paged(state, content, pageLines);
    case "back":
      return paged(state, content, -pageLines);
    case "allow":
    case "allow-always":
    case "reject":
    case "digit":
      return answered(state, content, key, how);
  }
}

function moved(state: PaneState, { tasks }: PaneContent, to: number): Pressed {
  const task = tasks[Math.min(Math.max(to, 0), tasks.length - 1)];
  return { state: task ? { ...state, cursor: task.id } : state };
}

/** Through what is asked, where it is longer than its place. */
function paged(state: PaneState, content: PaneContent, lines: number): Pressed {
  const ask = currentAsk(content, state);
  if (ask?.content.kind !== "permission") return { state };
  const last = lastFrom(permissionBody(ask.content, narrowColumns).length, 1);
  return { state: { ...state, askFrom: Math.min(Math.max((state.askFrom ?? 0) + lines, 0), last) } };
}

function toNextAsk(state: PaneState, content: PaneContent, at: number): Pressed {
  const around = [...content.tasks.slice(at + 1), ...content.tasks.slice(0, at + 1)];
  const next = around.find(({ id }) => content.asks.some(({ taskId }) => taskId === id));
  return { state: next ? { ...state, cursor: next.id } : { ...state, notice: "nothing waits for you here" } };
}

/** Enter sends the choices of a question that takes several. */
function isChoosing(state: PaneState, content: PaneContent): boolean {
  const ask = currentAsk(content, state);
  return ask !== undefined && state.answering?.askId === ask.id && state.answering.chosen.length > 0;
}

function answered(
  state: PaneState,
  content: PaneContent,
  key: Key,
  { alone, nowMs }: { readonly alone: boolean; readonly nowMs: number },
): Pressed {
  const ask = currentAsk(content, state);
  if (!ask || !alone) return { state };
  if (state.shownAsk?.id !== ask.id || nowMs - state.shownAsk.sinceMs < readTimeMs) {
    return { state: { ...state, notice: "that just appeared: read it, then press again" } };
  }
  return ask.content.kind === "permission" ? decide(state, ask, key) : choose(state, ask, ask.content.questions, key);
}

function decide(state: PaneState, { id }: AskView, key: Key): Pressed {
  const answer = (given: AskAnswer): Pressed => ({ state, act: { kind: "answer", askId: id, answer: given } });
  if (key.kind === "allow") return answer({ kind: "allow", scope: "once" });
  if (key.kind === "allow-always") return answer({ kind: "allow", scope: "always" });
  if (key.kind === "reject") return answer({ kind: "deny" });
  return { state };
}

function choose(state: PaneState, { id }: AskView, questions: readonly Question[], key: Key): Pressed {
  if (key.kind === "reject") return { state, act: { kind: "answer", askId: id, answer: { kind: "deny" } } };
  const answering: Answering = state.answering?.askId === id ? state.answering : { askId: id, done: [], chosen: [] };
  const given =
    key.kind === "enter" ? withChosen(answering, questions) : key.kind === "digit" && withDigit(answering, questions, key.digit);
  if (!given) return { state };
  if ("answering" in given) return { state: { ...state, answering: given.answering } };
  return { state: { ...state, answering: undefined }, act: { kind: "answer", askId: id, answer: given.answer } };
}
