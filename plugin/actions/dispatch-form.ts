import * as wezterm from "wezterm";
import type { PlacementFilter, StrategyName } from "../../shared/task";
import { strategies } from "../../shared/task";
import { attempt } from "../attempt";
import { directoryOf } from "../directory";
import { keepAsDraft } from "../drafts";
import { isHostId, isInstanceId } from "../ids";
import { call } from "../link/call";
import { instanceOf } from "../panes";
import { tablesAt, textAt } from "../read";
import { tell } from "../tell";
import { askLine, type Choice, choose, endForm, formOf, keepForm, splitId } from "./forms";
import { submit } from "./submit";

type Form = Readonly<Record<string, unknown>>;

export const formEvent = "octo-dispatch-form";
export const directoryEvent = "octo-dispatch-directory";

const directoriesMax = 40;

interface Question {
  readonly title: string;
  readonly choices: readonly Choice[];
}

/** Asks for the next thing that the form wants to know, and sends the task when there is none. "" means any. Yields. */
export function nextStep(window: wezterm.Window, pane: wezterm.Pane, form: Form): void {
  const question = nextQuestion(form);
  if (question === undefined) {
    endForm(window);
    return send(window, form);
  }
  // Until it is sent: another list, the end of a tab or of WezTerm takes a form away without a word.
  keepForm(window, { ...form, draft: textAt(form, "draft") ?? keepAsDraft(textAt(form, "prompt") ?? "") });
  choose(window, pane, formEvent, question.title, question.choices);
}

function nextQuestion(form: Form): Question | undefined {
  if (form.long === true) {
    if (form.strategy === undefined) return { title: "Strategy", choices: strategyChoices() };
    const instances = call("list_opencode_servers", {});
    const known = instances.ok ? tablesAt(instances.result, "instances") : [];
    if (form.host === undefined) return { title: "Host", choices: hostChoices(known) };
    const choices = instanceChoices(known, textAt(form, "host") ?? "");
    if (form.instance === undefined) return { title: "Instance", choices };
  }
  const directory = textAt(form, "directory");
  if (directory !== undefined && (form.long !== true || form.directoryChosen === true)) return undefined;
  return { title: "Directory", choices: directoryChoices(directory) };
}

/** A choice in the form, or nil when the person left it. */
export function onFormChoice(window: wezterm.Window, pane: wezterm.Pane, id: string | undefined): void {
  const form = formOf(window);
  if (textAt(form, "prompt") === undefined) return;
  if (id === undefined || id === "") return leave(window, form);
  const [field, value] = splitId(id);
  if (field === "other") return askLine(window, pane, directoryEvent, "Directory (an absolute path)");
  nextStep(window, pane, field === "directory" ? { ...form, directory: value, directoryChosen: true } : { ...form, [field]: value });
}

export function onDirectory(window: wezterm.Window, pane: wezterm.Pane, line: string | undefined): void {
  const form = formOf(window);
  if (textAt(form, "prompt") === undefined) return;
  if (line === undefined || line === "") return leave(window, form);
  const [rest] = string.match(line, "^~(/?.*)$");
  nextStep(window, pane, { ...form, directory: rest === undefined ? line : wezterm.home_dir + rest, directoryChosen: true });
}

function leave(window: wezterm.Window, form: Form): void {
  endForm(window);
  if (textAt(form, "draft") !== undefined) tell("not sent: the prompt is kept as a draft (compose opens it again)");
}

function send(window: wezterm.Window, form: Form): void {
  const instance = textAt(form, "instance");
  const host = textAt(form, "host");
  const filter: Partial<PlacementFilter> = {
    ...(isInstanceId(instance) ? { instances: [instance] } : {}),
    ...(isHostId(host) ? { hosts: [host] } : {}),
  };
  const strategy = strategyOf(textAt(form, "strategy"));
  const task = {
    prompt: textAt(form, "prompt") ?? "",
    directory: textAt(form, "directory") ?? "",
    ...(filter.instances === undefined && filter.hosts === undefined ? {} : { filter }),
    ...(strategy === undefined ? {} : { strategy }),
  };
  submit(window, task, textAt(form, "draft"));
}

function strategyOf(name: string | undefined): StrategyName | undefined {
  return strategies.find((each) => each === name);
}

function strategyChoices(): readonly Choice[] {
  return [{ id: "strategy:", label: "as configured" }, ...strategies.map((name) => ({ id: `strategy:${name}`, label: name }))];
}

function hostChoices(instances: readonly unknown[]): readonly Choice[] {
  const names = new Set(["local"]);
  for (const instance of instances) names.add(textAt(instance, "host") ?? "local");
  return [{ id: "host:", label: "any host" }, ...[...names].map((name) => ({ id: `host:${name}`, label: name }))];
}

function instanceChoices(instances: readonly unknown[], host: string): readonly Choice[] {
  const choices: Choice[] = [{ id: "instance:", label: "any instance" }];
  for (const instance of instances) {
    if (host !== "" && textAt(instance, "host") !== host) continue;
    const [id, name, state] = [textAt(instance, "id"), textAt(instance, "name"), textAt(instance, "state")];
    if (id !== undefined) choices.push({ id: `instance:${id}`, label: `${name ?? id}  ${state ?? ""}` });
  }
  return choices;
}

/** This folder first, then those of the panes of this machine that are not octo's. */
function directoryChoices(first: string | undefined): readonly Choice[] {
  const known = new Set<string>();
  if (first !== undefined) known.add(first);
  attempt(() => {
    for (const window of wezterm.mux.all_windows()) {
      for (const tab of window.tabs()) {
        for (const pane of tab.panes()) {
          const directory = instanceOf(pane) === undefined ? directoryOf(pane) : undefined;
          if (directory !== undefined && known.size < directoriesMax) known.add(directory);
        }
      }
    }
  });
  return [
    ...[...known].map((directory) => ({ id: `directory:${directory}`, label: directory })),
    { id: "other:", label: "another: type its path" },
  ];
}
