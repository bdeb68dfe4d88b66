import type { Input } from "../paint/input";
import { withDigitPressed } from "./answer";
import { atPage, detailsOf, turned } from "./details";
import { emptyEditor } from "./editor";
import { onEntry } from "./entry";
import { taskFilters } from "./items";
import { commandOf, type Place } from "./key-map";
import { moved } from "./move";
import { onSelected } from "./on-selected";
import { type BoardState, currentAsk, selectedItem } from "./state";
import type { Stepped } from "./step";

/** What a key or a paste does. Pasted text is text: no paste answers an ask or ends a server. */
export function press(state: BoardState, input: Input, alone: boolean): Stepped {
  const { dialog } = state;
  if (dialog?.kind === "entry") return onEntry(state, dialog, input);
  if (input.kind === "paste") return only(state);
  if (dialog?.kind === "confirm") {
    const closed = { ...state, dialog: undefined };
    if (input.key !== "y") return only({ ...closed, notice: { text: "left as it is", isError: false } });
    return { state: closed, acts: [{ kind: "call", call: dialog.call, done: dialog.done }] };
  }
  const command = commandOf(input.key, placesOf(state));
  if (command === undefined) return /^[1-9]$/.test(input.key) ? withDigitPressed(state, Number(input.key), alone) : only(state);
  switch (command) {
    case "quit":
    case "suspend":
    case "redraw":
      return { state, acts: [{ kind: command }] };
    case "help":
      return only({ ...state, view: state.view.kind === "help" ? { kind: "list" } : { kind: "help", top: 0 } });
    case "back":
      return only(wentBack(state));
    case "find":
      return only({ ...state, view: { kind: "list" }, dialog: { kind: "entry", purpose: { kind: "find" }, editor: emptyEditor } });
    case "filter":
      return only({ ...state, filter: taskFilters[(taskFilters.indexOf(state.filter) + 1) % taskFilters.length] ?? "all" });
    case "details":
      return detailsOf(state, alone);
    case "left":
    case "right":
    case "next-section":
      if (state.view.kind === "details") return turned(state, state.view, command === "left" ? -1 : 1);
      return only(moved(state, command));
    case "up":
    case "down":
    case "page-up":
    case "page-down":
    case "first":
    case "last":
      return only(state.view.kind === "list" ? moved(state, command) : atPage(state, command));
    case "next-ask":
      return only(moved({ ...state, view: { kind: "list" } }, command));
    default:
      return onSelected(state, command, alone);
  }
}

/** What the keys may act upon now. */
function placesOf(state: BoardState): readonly Place[] {
  if (state.view.kind === "help") return ["anything"];
  const kind = selectedItem(state)?.kind;
  const own: readonly Place[] = kind === "instance" ? ["instance"] : kind === "task" ? ["task"] : [];
  return [...(currentAsk(state) ? (["ask"] as const) : []), ...own, "anything"];
}

/** One step at a time. */
function wentBack(state: BoardState): BoardState {
  if (state.view.kind !== "list") return { ...state, view: { kind: "list" } };
  return state.query === "" ? { ...state, filter: "all" } : { ...state, query: "" };
}

function only(state: BoardState): Stepped {
  return { state, acts: [] };
}
