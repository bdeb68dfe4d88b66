import { move } from "./attempt";
import type { Draft } from "./draft";
import type { ActiveTask } from "./task";

/** The ids are in the state, and so in the store, before the prompt leaves: any later bridge can find it again. */
export function sendPrompt(draft: Draft, task: ActiveTask): void {
  move(
    draft,
    task,
    { kind: "sending" },
    { effect: "send-prompt", change: { sends: task.state.attempt.sends + 1, sessionError: undefined } },
  );
}

/** Asks the server what became of the prompt; an answer to an earlier question no longer counts. */
export function inspect(draft: Draft, task: ActiveTask): void {
  const { phase } = task.state.attempt;
  const tries = "tries" in phase ? phase.tries : 0;
  switch (phase.kind) {
    case "accepted":
    case "doubtful":
      move(draft, task, { kind: "doubtful", tries }, { effect: "inspect-turn" });
      return;
    case "started":
      move(draft, task, { ...phase, dueAtMs: undefined }, { effect: "inspect-turn", passing: true });
      return;
    case "waiting":
    case "aborting":
      move(draft, task, phase.kind === "aborting" ? { ...phase, dueAtMs: undefined } : phase, { effect: "inspect-turn", passing: true });
      return;
    case "preparing":
    case "opening":
    case "sending":
    case "collecting":
      return;
  }
}
