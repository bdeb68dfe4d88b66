import { z } from "zod";
import { OctoError } from "../../octo-error";
import type { TerminalClient, TerminalPane } from "../../ports/terminals";

const id = z.int().min(0);
// Loose: WezTerm adds fields; these are the ones octo lives by.
const panesSchema = z.array(z.looseObject({ pane_id: id, tab_id: id, window_id: id, workspace: z.string(), tab_title: z.string() }));
const clientsSchema = z.array(z.looseObject({ pid: id, workspace: z.string(), focused_pane_id: id.nullish() }));

/** The answer of `list --format json`. WEZTERM_ANSWER_INVALID. */
export function parsePanes(text: string): readonly TerminalPane[] {
  return parse(panesSchema, text, "list").map(({ pane_id, tab_id, window_id, workspace, tab_title }) => ({
    paneId: pane_id,
    tabId: tab_id,
    windowId: window_id,
    workspace,
    tabTitle: tab_title,
  }));
}

/** The answer of `list-clients --format json`; the program that asks is in it too. WEZTERM_ANSWER_INVALID. */
export function parseClients(text: string): readonly TerminalClient[] {
  return parse(clientsSchema, text, "list-clients").map(({ pid, workspace, focused_pane_id }) => ({
    processId: pid,
    workspace,
    focusedPaneId: focused_pane_id ?? undefined,
  }));
}

/** What `spawn` prints. WEZTERM_ANSWER_INVALID. */
export function parsePaneId(text: string): number {
  if (/^\d{1,15}$/.test(text.trim())) return Number(text);
  throw new OctoError("WEZTERM_ANSWER_INVALID", `wezterm cli spawn printed no pane id: ${JSON.stringify(text.slice(0, 100))}`);
}

function parse<Value>(schema: z.ZodType<Value>, text: string, what: string): Value {
  try {
    return schema.parse(JSON.parse(text));
  } catch (thrown) {
    throw new OctoError("WEZTERM_ANSWER_INVALID", `wezterm cli ${what} printed something else: ${JSON.stringify(text.slice(0, 100))}`, {
      cause: thrown,
    });
  }
}
