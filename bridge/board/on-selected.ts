import type { InstanceView } from "../../shared/instance";
import type { TaskView } from "../../shared/task";
import type { BoardCall } from "./act";
import { answered, isRead } from "./answer";
import { emptyEditor } from "./editor";
import type { Command } from "./key-map";
import { type BoardState, currentAsk, type EntryPurpose, selectedItem, selectedTask } from "./state";
import type { Stepped } from "./step";
import { hasEnded } from "./world";

/** A command upon what is selected. */
export function onSelected(state: BoardState, command: Command, alone: boolean): Stepped {
  switch (command) {
    case "allow":
      return answered(state, { kind: "allow", scope: "once" }, alone);
    case "allow-always":
      return answered(state, { kind: "allow", scope: "always" }, alone);
    case "deny":
      return denial(state, alone);
    case "prompt":
      return typing(state, promptFor(state));
    case "attach": {
      const item = selectedItem(state);
      return item && item.kind !== "ask" ? { state, acts: [{ kind: "attach", target: item.id }] } : only(state);
    }
    case "cancel":
    case "reply":
    case "retry":
      return onTask(state, command);
    case "open":
    case "merge":
    case "drop":
    case "drop-unmerged":
      return onBranch(state, command);
    case "drain":
    case "restart":
    case "stop":
      return onInstance(state, command);
    default:
      return only(state);
  }
}

function denial(state: BoardState, alone: boolean): Stepped {
  const ask = currentAsk(state);
  if (!ask || !alone) return only(state);
  if (!isRead(state, ask)) return told(state, "that just appeared: read it, then press again");
  return typing(state, { kind: "deny", askId: ask.id });
}

function promptFor(state: BoardState): EntryPurpose {
  const item = selectedItem(state);
  const instance = item?.kind === "instance" ? state.world.instances.get(item.id) : undefined;
  return { kind: "prompt", directory: state.directory, instance: instance && { id: instance.id, name: instance.name } };
}

function onTask(state: BoardState, command: "cancel" | "reply" | "retry"): Stepped {
  const task = selectedTask(state);
  if (!task) return only(state);
  if (hasEnded(task) === (command === "cancel")) {
    return told(state, command === "cancel" ? "it has ended already" : "it has not ended yet");
  }
  if (command === "reply") return typing(state, { kind: "reply", taskId: task.id });
  if (command === "cancel")
    return confirm(state, `cancel ${named(task)}?`, { method: "cancel_task", params: { taskId: task.id } }, "cancelled");
  return { state, acts: [{ kind: "call", call: { method: "retry_task", params: { taskId: task.id } }, done: "queued again" }] };
}

function onBranch(state: BoardState, command: "open" | "merge" | "drop" | "drop-unmerged"): Stepped {
  const task = selectedTask(state);
  if (!task) return only(state);
  const { id: taskId, branch } = task;
  if (command === "open") return { state, acts: [{ kind: "open", taskId }] };
  if (!branch) return told(state, "it has no branch");
  if (command === "merge") {
    return confirm(state, `merge ${branch.branch} into the branch checked out?`, { method: "merge_task", params: { taskId } }, "merged");
  }
  const force = command === "drop-unmerged";
  const question = force ? `delete ${branch.branch}, also what is merged nowhere?` : `delete ${branch.branch}?`;
  return confirm(state, question, { method: "drop_task", params: { taskId, force } }, "dropped");
}

function onInstance(state: BoardState, command: "drain" | "restart" | "stop"): Stepped {
  const item = selectedItem(state);
  const instance = item?.kind === "instance" ? state.world.instances.get(item.id) : undefined;
  if (!instance) return only(state);
  const { id: instanceId, name } = instance;
  if (command === "drain")
    return confirm(state, `drain ${name}?${busy(instance)}`, { method: "drain_instance", params: { instanceId } }, "drains");
  if (command === "stop")
    return confirm(state, `stop ${name}?${busy(instance)}`, { method: "stop_instance", params: { instanceId } }, "stops");
  return confirm(
    state,
    `restart ${name} once its turns have ended?`,
    { method: "restart_instance", params: { instanceId, drain: true } },
    "restarts",
  );
}

function busy({ running, waiting }: InstanceView): string {
  const count = running + waiting;
  return count === 0 ? "" : ` ${count} ${count === 1 ? "task is" : "tasks are"} on it.`;
}

function named({ title }: TaskView): string {
  return `"${title.slice(0, 60)}"`;
}

function confirm(state: BoardState, question: string, call: BoardCall, done: string): Stepped {
  return only({ ...state, dialog: { kind: "confirm", question, call, done } });
}

function typing(state: BoardState, purpose: EntryPurpose): Stepped {
  return only({ ...state, dialog: { kind: "entry", purpose, editor: emptyEditor } });
}

function told(state: BoardState, text: string): Stepped {
  return only({ ...state, notice: { text, isError: false } });
}

function only(state: BoardState): Stepped {
  return { state, acts: [] };
}
