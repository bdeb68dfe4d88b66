import type { Input } from "../paint/input";
import type { Act } from "./act";
import { edited, withText } from "./editor";
import { type BoardState, currentAsk, type Dialog, type EntryPurpose } from "./state";
import type { Stepped } from "./step";

type Entry = Extract<Dialog, { readonly kind: "entry" }>;

/** A key while something is typed. */
export function onEntry(state: BoardState, entry: Entry, input: Input): Stepped {
  const { purpose, editor } = entry;
  if (input.kind === "paste") return withEntry(state, { ...entry, editor: withText(editor, pasted(purpose, input.text)) });
  switch (input.key) {
    case "escape":
    case "ctrl-c":
      return only({ ...state, dialog: undefined, query: purpose.kind === "find" ? "" : state.query });
    case "enter":
      return sent({ ...state, dialog: undefined }, entry);
    case "up":
    case "down":
      // What is found may be gone through while it is being looked for.
      return purpose.kind === "find" ? sent({ ...state, dialog: undefined }, entry) : only(state);
    default: {
      const changed = edited(editor, input.key);
      return changed && !(purpose.kind === "find" && changed.text.includes("\n"))
        ? withEntry(state, { ...entry, editor: changed })
        : only(state);
    }
  }
}

function pasted({ kind }: EntryPurpose, text: string): string {
  return kind === "find" ? text.replace(/\s+/g, " ") : text;
}

/** What is being searched for is found at once, with the cursor on what fits best. */
function withEntry(state: BoardState, entry: Entry): Stepped {
  if (entry.purpose.kind !== "find") return only({ ...state, dialog: entry });
  return only({ ...state, dialog: entry, query: entry.editor.text, cursor: undefined });
}

function sent(state: BoardState, { purpose, editor: { text } }: Entry): Stepped {
  switch (purpose.kind) {
    case "find":
      return only(state);
    case "prompt": {
      const { directory, instance } = purpose;
      const filter = instance ? { instances: [instance.id] } : undefined;
      return unlessEmpty(state, text, { method: "distribute_task", params: { prompt: text, directory, filter } }, "submitted");
    }
    case "reply":
      return unlessEmpty(state, text, { method: "reply_task", params: { taskId: purpose.taskId, prompt: text } }, "submitted");
    case "deny":
      return denied(state, purpose, text);
  }
}

function unlessEmpty(state: BoardState, text: string, call: Extract<Act, { readonly kind: "call" }>["call"], done: string): Stepped {
  if (text.trim() === "") return only({ ...state, notice: { text: "nothing was typed, nothing is sent", isError: false } });
  return { state, acts: [{ kind: "call", call, done }] };
}

/** The ask may have been answered elsewhere meanwhile: the bridge says so. */
function denied(state: BoardState, { askId }: Extract<EntryPurpose, { readonly kind: "deny" }>, text: string): Stepped {
  const message = text.trim() === "" ? undefined : text;
  const answering = currentAsk(state)?.id === askId ? undefined : state.answering;
  return {
    state: { ...state, answering },
    acts: [
      {
        kind: "call",
        call: { method: "answer_ask", params: { askId, answer: { kind: "deny", message }, surface: "board" } },
        done: "denied",
      },
    ],
  };
}

function only(state: BoardState): Stepped {
  return { state, acts: [] };
}
