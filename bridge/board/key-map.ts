/** What a key asks for. */
export type Command =
  | "up"
  | "down"
  | "left"
  | "right"
  | "page-up"
  | "page-down"
  | "first"
  | "last"
  | "next-section"
  | "next-ask"
  | "details"
  | "attach"
  | "find"
  | "filter"
  | "prompt"
  | "help"
  | "back"
  | "quit"
  | "suspend"
  | "redraw"
  | "allow"
  | "allow-always"
  | "deny"
  | "cancel"
  | "retry"
  | "reply"
  | "open"
  | "merge"
  | "drop"
  | "drop-unmerged"
  | "drain"
  | "restart"
  | "stop";

/** What must be selected for the key to mean something. `ask`: also a task that asks. */
export type Place = "anything" | "ask" | "task" | "instance";

export interface Binding {
  readonly command: Command;
  readonly place: Place;
  /** Names of keys, or the characters that they type. */
  readonly keys: readonly string[];
  /** As people read it. */
  readonly shown: string;
  readonly what: string;
  /** In the last line of the screen; absent: only in the help. */
  readonly short?: string | undefined;
}

/** Every key of the board: the help, the last line of the screen and the README's table are made of this. */
export const bindings: readonly Binding[] = [
  { command: "up", place: "anything", keys: ["up", "k"], shown: "↑ k", what: "to the one above" },
  { command: "down", place: "anything", keys: ["down", "j"], shown: "↓ j", what: "to the one below" },
  {
    command: "left",
    place: "anything",
    keys: ["left", "h"],
    shown: "← h",
    what: "to the card on the left; in the details: the page before",
  },
  {
    command: "right",
    place: "anything",
    keys: ["right", "l"],
    shown: "→ l",
    what: "to the card on the right; in the details: the next page",
  },
  { command: "page-up", place: "anything", keys: ["page-up", "ctrl-b"], shown: "PgUp", what: "a screen up" },
  { command: "page-down", place: "anything", keys: ["page-down", "ctrl-f", " "], shown: "PgDn Space", what: "a screen down" },
  { command: "first", place: "anything", keys: ["home", "g"], shown: "Home g", what: "to the first" },
  { command: "last", place: "anything", keys: ["end", "G"], shown: "End G", what: "to the last" },
  {
    command: "next-section",
    place: "anything",
    keys: ["tab"],
    shown: "Tab",
    what: "from asks to instances to tasks; in the details: the next page",
  },
  { command: "next-ask", place: "anything", keys: ["n"], shown: "n", what: "to the next ask" },
  {
    command: "details",
    place: "anything",
    keys: ["enter"],
    shown: "⏎",
    what: "everything about it: output, transcript, diff, reasons",
    short: "details",
  },
  { command: "back", place: "anything", keys: ["escape"], shown: "Esc", what: "back; ends the search and the filter" },
  {
    command: "find",
    place: "anything",
    keys: ["/"],
    shown: "/",
    what: "find: fuzzy, in titles, prompts, names, states, branches, folders",
    short: "find",
  },
  {
    command: "filter",
    place: "anything",
    keys: ["f"],
    shown: "f",
    what: "show all, open, running, waiting, queued, ended or failed tasks",
    short: "filter",
  },
  {
    command: "prompt",
    place: "anything",
    keys: ["p"],
    shown: "p",
    what: "dispatch a prompt; with an instance selected: to it",
    short: "prompt",
  },
  { command: "allow", place: "ask", keys: ["a"], shown: "a", what: "allow once", short: "allow once" },
  { command: "allow-always", place: "ask", keys: ["A"], shown: "A", what: "allow always", short: "always" },
  {
    command: "deny",
    place: "ask",
    keys: ["d"],
    shown: "d",
    what: "deny, with a message that the model goes on with, or without one",
    short: "deny",
  },
  {
    command: "attach",
    place: "task",
    keys: ["t"],
    shown: "t",
    what: "OpenCode's own TUI on its session; leaving it comes back",
    short: "TUI",
  },
  { command: "reply", place: "task", keys: ["r"], shown: "r", what: "reply to an ended task: same session, same worktree", short: "reply" },
  { command: "retry", place: "task", keys: ["R"], shown: "R", what: "run an ended task again", short: "again" },
  { command: "cancel", place: "task", keys: ["c"], shown: "c", what: "cancel", short: "cancel" },
  { command: "open", place: "task", keys: ["o"], shown: "o", what: "its work in your editor ($VISUAL, $EDITOR)", short: "open" },
  { command: "merge", place: "task", keys: ["m"], shown: "m", what: "merge its branch into the one checked out", short: "merge" },
  { command: "drop", place: "task", keys: ["x"], shown: "x", what: "delete its branch, if it is merged", short: "drop" },
  { command: "drop-unmerged", place: "task", keys: ["X"], shown: "X", what: "delete its branch, merged or not" },
  { command: "attach", place: "instance", keys: ["t"], shown: "t", what: "OpenCode's own TUI", short: "TUI" },
  { command: "drain", place: "instance", keys: ["D"], shown: "D", what: "drain: finish its work, take no more", short: "drain" },
  { command: "restart", place: "instance", keys: ["R"], shown: "R", what: "restart, once its turns have ended", short: "restart" },
  { command: "stop", place: "instance", keys: ["S"], shown: "S", what: "stop; its tasks move to others", short: "stop" },
  { command: "redraw", place: "anything", keys: ["ctrl-l"], shown: "Ctrl-L", what: "draw everything anew" },
  { command: "suspend", place: "anything", keys: ["ctrl-z"], shown: "Ctrl-Z", what: "suspend; `fg` comes back" },
  { command: "help", place: "anything", keys: ["?"], shown: "?", what: "these keys", short: "keys" },
  { command: "quit", place: "anything", keys: ["q", "ctrl-c"], shown: "q", what: "quit; nothing else ends by it", short: "quit" },
];

/** The command of a key in these places. */
export function commandOf(key: string, places: readonly Place[]): Command | undefined {
  return bindings.find(({ keys, place }) => places.includes(place) && keys.includes(key))?.command;
}

/** For tables and the help: what must be selected. */
export const placeNames: Readonly<Record<Place, string>> = {
  anything: "",
  ask: "on an ask, or a task that asks",
  task: "on a task",
  instance: "on an instance",
};
