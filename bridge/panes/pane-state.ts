import type { AskView } from "../../shared/ask";
import type { AskId, TaskId } from "../../shared/ids";
import type { TaskView } from "../../shared/task";
import { nothingUnread, type Unread } from "../paint/input";
import type { Answering } from "./answering";
import type { PaneContent } from "./pane-world";

/** What a person did on a screen so far. */
export interface PaneState {
  /** The task chosen; where it is not there (any more), the first one counts. */
  readonly cursor?: TaskId | undefined;
  /** Answers under way to an ask with several questions or several choices. */
  readonly answering?: Answering | undefined;
  /** The ask on the screen, and since when (monotonic): one that just appeared is not what the person answers. */
  readonly shownAsk?: { readonly id: AskId; readonly sinceMs: number } | undefined;
  /** The first line of what is asked that is shown; absent: from the beginning. */
  readonly askFrom?: number | undefined;
  /** A word about the last key, shown until the next one. */
  readonly notice: string;
  /** The beginning of a sequence, or of a paste. */
  readonly unread: Unread;
}

export const freshPaneState: PaneState = { notice: "", unread: nothingUnread };

export function selectedTask({ tasks }: PaneContent, { cursor }: PaneState): TaskView | undefined {
  return tasks.find(({ id }) => id === cursor) ?? tasks[0];
}

/** The ask to answer: the oldest of the selected task, else the oldest that belongs to no task listed. */
export function currentAsk(content: PaneContent, state: PaneState): AskView | undefined {
  const selected = selectedTask(content, state)?.id;
  const ofSelected = content.asks.find(({ taskId }) => taskId === selected && selected !== undefined);
  return ofSelected ?? content.asks.find(({ taskId }) => !content.tasks.some(({ id }) => id === taskId));
}

/** Notes since when the ask is on the screen; called with every drawn frame. */
export function withDrawn(state: PaneState, content: PaneContent, nowMs: number): PaneState {
  const id = currentAsk(content, state)?.id;
  if (id === state.shownAsk?.id) return state;
  return { ...state, shownAsk: id === undefined ? undefined : { id, sinceMs: nowMs }, answering: undefined, askFrom: undefined };
}
