import * as wezterm from "wezterm";
import { askActionEvent, askEvent, asks, denyEvent, onAsk, onAskAction, onDenial } from "./actions/asks";
import { board, startByHand } from "./actions/bridge";
import { compose, draftEvent, onDraft } from "./actions/compose";
import { dispatch, dispatchTo, lineEvent, onLine, onTarget, replyHere, targetEvent } from "./actions/dispatch";
import { directoryEvent, formEvent, onDirectory, onFormChoice } from "./actions/dispatch-form";
import { help, helpEvent, onHelp } from "./actions/help";
import { addHost, hostActionEvent, hostEvent, hostLineEvent, hosts, onHost, onHostAction, onHostLine } from "./actions/hosts";
import { instanceActionEvent, instanceEvent, instances, newInstance, onInstance, onInstanceAction, reopenPanes } from "./actions/instances";
import { jump } from "./actions/jump";
import { onQuestion, questionEvent } from "./actions/questions";
import { dropEvent, onDrop } from "./actions/results";
import { cancel, onTask, onTaskAction, taskActionEvent, taskEvent, tasks } from "./actions/tasks";
import { attempt } from "./attempt";
import { commandEvent } from "./commands";
import { deliverNews } from "./deliver";
import { activePane } from "./gui";
import { logWarning } from "./log";
import { deliverEvent } from "./news";

type Run = (this: void, window: wezterm.Window, pane: wezterm.Pane, text: string | undefined) => void;

/** What each command does, by its name in commands.ts. */
const runs: Readonly<Record<string, Run>> = {
  dispatch,
  dispatch_to: dispatchTo,
  compose,
  new_instance: newInstance,
  tasks,
  instances,
  asks,
  jump,
  reply: replyHere,
  cancel,
  hosts,
  add_host: addHost,
  board,
  open_panes: reopenPanes,
  start_bridge: startByHand,
  help,
};

/** What forms and lists answer with. */
const answers: Readonly<Record<string, Run>> = {
  [targetEvent]: onTarget,
  [lineEvent]: onLine,
  [formEvent]: onFormChoice,
  [directoryEvent]: onDirectory,
  [draftEvent]: onDraft,
  [taskEvent]: onTask,
  [taskActionEvent]: onTaskAction,
  [dropEvent]: onDrop,
  [instanceEvent]: onInstance,
  [instanceActionEvent]: onInstanceAction,
  [askEvent]: onAsk,
  [askActionEvent]: onAskAction,
  [denyEvent]: onDenial,
  [questionEvent]: onQuestion,
  [hostEvent]: onHost,
  [hostActionEvent]: onHostAction,
  [hostLineEvent]: onHostLine,
  [helpEvent]: onHelp,
  [deliverEvent]: deliverNews,
};

/** Registers every handler, once a Lua state. `begin` runs first: it starts the link where it does not run yet. */
export function addHandlers(begin: () => void): void {
  for (const [name, run] of pairs(runs)) handle(commandEvent(name), run, begin);
  for (const [event, run] of pairs(answers)) handle(event, run, begin);
}

function handle(event: string, run: Run, begin: () => void): void {
  wezterm.on(event, (window: wezterm.Window, pane: wezterm.Pane, text: unknown) => {
    const done = attempt(() => {
      begin();
      // After a form that followed another, the pane that WezTerm names is the first form's own, which is gone or goes soon.
      run(window, activePane(window) ?? pane, typeof text === "string" ? text : undefined);
    });
    if (!done.ok) logWarning(`${event} failed: ${done.message}`);
  });
}
