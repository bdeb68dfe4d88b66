import * as wezterm from "wezterm";
import { attempt } from "../attempt";
import { inert, short } from "../inert";
import { forget, rememberedTable, rememberTable } from "../memory";
import { tellError } from "../tell";

export interface Choice {
  /** What the handler gets: text that says everything, so that a reload in between does no harm. */
  readonly id: string;
  readonly label: string;
}

const labelColumnsMax = 160;
const choicesMax = 200;

/** A fuzzy list; `event` gets window, pane and the chosen id, or nil. Yields until it is shown. */
export function choose(window: wezterm.Window, pane: wezterm.Pane, event: string, title: string, choices: readonly Choice[]): void {
  // The arrow keys fail in an empty list.
  const shown = choices.length === 0 ? [{ id: "", label: "(nothing)" }] : choices.slice(0, choicesMax);
  perform(
    window,
    pane,
    wezterm.action.InputSelector({
      title: inert(title),
      fuzzy: true,
      description: inert(title),
      fuzzy_description: `${inert(title)}: `,
      choices: shown.map(({ id, label }) => ({ id, label: short(label, labelColumnsMax) })),
      action: wezterm.action.EmitEvent(event),
    }),
  );
}

/** One line of text; `event` gets window, pane and the line, or nil. Yields until it is shown. */
export function askLine(window: wezterm.Window, pane: wezterm.Pane, event: string, description: string): void {
  perform(window, pane, wezterm.action.PromptInputLine({ description: inert(description), action: wezterm.action.EmitEvent(event) }));
}

function perform(window: wezterm.Window, pane: wezterm.Pane, action: wezterm.Action): void {
  const performed = attempt(() => window.perform_action(action, pane));
  if (!performed.ok) tellError(window, `WezTerm cannot show the form: ${performed.message}`);
}

// What a form of several steps knows so far: by window, since each has its own forms, and where a reload does not reach.

export function keepForm(window: wezterm.Window, form: Readonly<Record<string, unknown>>): void {
  rememberTable(formKey(window), form);
}

export function formOf(window: wezterm.Window): Readonly<Record<string, unknown>> {
  const form = rememberedTable(formKey(window));
  return isRecord(form) ? form : {};
}

export function endForm(window: wezterm.Window): void {
  forget(formKey(window));
}

function formKey(window: wezterm.Window): string {
  return `form_${window.window_id()}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return type(value) === "table";
}

/** The parts of an id of the form `verb:rest`. */
export function splitId(id: string): readonly [string, string] {
  const [verb, rest] = string.match(id, "^([^:]*):?(.*)$");
  return [verb ?? "", rest ?? ""];
}
