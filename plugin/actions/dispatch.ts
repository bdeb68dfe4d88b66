import type * as wezterm from "wezterm";
import { isBlank } from "../drafts";
import { directoryFor, fieldOfTask, instanceOf, taskOf } from "../panes";
import { textAt } from "../read";
import { tell } from "../tell";
import { nextStep } from "./dispatch-form";
import { askLine, type Choice, choose, endForm, formOf, keepForm, splitId } from "./forms";
import { submitReply } from "./submit";

export const targetEvent = "octo-dispatch-target";
export const lineEvent = "octo-dispatch-line";

/** Asks for a prompt; in an instance's pane first for whom it is. Yields. */
export function dispatch(window: wezterm.Window, pane: wezterm.Pane): void {
  const instanceId = instanceOf(pane);
  if (instanceId === undefined) return askPrompt(window, pane, { directory: directoryFor(pane) });
  const taskId = taskOf(pane);
  const choices: Choice[] = [{ id: `instance:${instanceId}`, label: "to this instance" }];
  if (taskId !== undefined) choices.push({ id: `reply:${taskId}`, label: `as a reply to the task shown here (${titleOf(taskId)})` });
  choices.push({ id: "any:", label: "to any instance" });
  choose(window, pane, targetEvent, "Dispatch a prompt", choices);
}

/** The longer form: strategy, host, instance and directory are asked for after the prompt. Yields. */
export function dispatchTo(window: wezterm.Window, pane: wezterm.Pane): void {
  askPrompt(window, pane, { directory: directoryFor(pane), long: true });
}

/** Asks for the prompt of a task for one instance. Yields. */
export function dispatchToInstance(window: wezterm.Window, pane: wezterm.Pane, instanceId: string): void {
  askPrompt(window, pane, { instance: instanceId, directory: directoryFor(pane) });
}

/** Asks for the next prompt of a task. Yields. */
export function replyTo(window: wezterm.Window, pane: wezterm.Pane, taskId: string): void {
  askPrompt(window, pane, { reply: taskId });
}

/** The reply to the task that the pane shows. Yields. */
export function replyHere(window: wezterm.Window, pane: wezterm.Pane): void {
  const taskId = taskOf(pane);
  if (taskId === undefined) tell("this pane shows no task of octo: choose one from the tasks");
  else replyTo(window, pane, taskId);
}

export function onTarget(window: wezterm.Window, pane: wezterm.Pane, id: string | undefined): void {
  const [verb, rest] = splitId(id ?? "");
  if (verb === "instance") askPrompt(window, pane, { instance: rest, directory: directoryFor(pane) });
  if (verb === "reply") replyTo(window, pane, rest);
  if (verb === "any") askPrompt(window, pane, { directory: directoryFor(pane) });
}

export function onLine(window: wezterm.Window, pane: wezterm.Pane, line: string | undefined): void {
  const form = formOf(window);
  endForm(window);
  if (line === undefined) return;
  if (isBlank(line)) return tell("nothing was sent: the prompt is empty");
  const reply = textAt(form, "reply");
  if (reply !== undefined) submitReply(window, reply, line);
  else nextStep(window, pane, { ...form, prompt: line });
}

function askPrompt(window: wezterm.Window, pane: wezterm.Pane, form: Readonly<Record<string, unknown>>): void {
  keepForm(window, form);
  const directory = textAt(form, "directory");
  const where = textAt(form, "reply") !== undefined ? "Reply" : directory === undefined ? "Prompt" : `Prompt for ${directory}`;
  askLine(window, pane, lineEvent, `${where} (Enter sends it, CTRL+C leaves)`);
}

function titleOf(taskId: string): string {
  return fieldOfTask(taskId, "title") ?? taskId;
}
