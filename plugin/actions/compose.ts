import * as wezterm from "wezterm";
import { attempt } from "../attempt";
import { dropDraft, isBlank, keptDrafts, newDraft, readDraft } from "../drafts";
import { activePane } from "../gui";
import { readFile } from "../link/private-file";
import { directoryFor } from "../panes";
import { setup } from "../setup";
import { tell, tellError } from "../tell";
import { composePane, waitForEditor } from "./compose-programs";
import { nextStep } from "./dispatch-form";
import { type Choice, choose, splitId } from "./forms";
import { submit } from "./submit";

export const draftEvent = "octo-draft";

/** A prompt in the editor; where earlier ones were kept, asks which. Yields. */
export function compose(window: wezterm.Window, pane: wezterm.Pane): void {
  const drafts = keptDrafts();
  if (drafts.length === 0) return openDraft(window, pane, newDraft());
  const choices: Choice[] = drafts.map((path) => ({ id: `draft:${path}`, label: readFile(path, 400) ?? path }));
  choose(window, pane, draftEvent, "Compose", [{ id: "new:", label: "a new prompt" }, ...choices]);
}

export function onDraft(window: wezterm.Window, pane: wezterm.Pane, id: string | undefined): void {
  const [verb, path] = splitId(id ?? "");
  if (verb === "new") openDraft(window, pane, newDraft());
  if (verb === "draft") openDraft(window, pane, path);
}

/** In a coroutine of its own, once a composed prompt: it lives as long as the editor does, also through reloads. */
function openDraft(window: wezterm.Window, pane: wezterm.Pane, path: string | undefined): void {
  if (path === undefined) return tellError(window, "no draft can be written: see whether the disk is full");
  // The pane is opened in there too: what is put off is dropped when the configuration is reloaded in that moment.
  wezterm.time.call_after(0, () => {
    const directory = directoryFor(pane);
    const opened = attempt(() => openEditor(window, pane, path, directory));
    if (!opened.ok) return tellError(window, `the editor cannot be opened: ${opened.message}`);
    finish(window, pane, path, directory);
  });
}

/** Below the pane; where that is not of this machine, in a tab, since the draft is here. */
function openEditor(window: wezterm.Window, pane: wezterm.Pane, path: string, directory: string | undefined): void {
  const where = { args: composePane(path, setup().options.editor), ...(directory === undefined ? {} : { cwd: directory }) };
  const domain = { DomainName: "local" };
  if (pane.get_domain_name() === "local") pane.split({ ...where, domain, direction: "Bottom", size: 0.4 });
  else window.mux_window().spawn_tab({ ...where, domain });
}

function finish(window: wezterm.Window, pane: wezterm.Pane, path: string, directory: string | undefined): void {
  const saved = waitForEditor(path);
  const prompt = readDraft(path);
  if (isBlank(prompt)) {
    dropDraft(path);
    return tell("nothing was sent: the draft is empty");
  }
  if (!saved) return tell("not sent, since it was not saved: the draft is kept");
  // The pane may have gone meanwhile.
  if (directory === undefined) return nextStep(window, activePane(window) ?? pane, { prompt, draft: path });
  submit(window, { prompt, directory }, path);
}
