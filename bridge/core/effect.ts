import type { AskAnswer } from "../../shared/ask";
import type { Fence } from "./event";
import type { Instance } from "./instance";
import type { OpenAsk } from "./open-ask";
import type { ActiveTask } from "./task";

/** What is asked of the outside, in the imperative; run after the commit, answered by events that carry the fence. */
export type AttemptEffect = {
  readonly fence: Fence;
  readonly task: ActiveTask;
  readonly kind: "prepare-workspace" | "open-session" | "send-prompt" | "inspect-turn" | "abort-turn" | "finish-workspace";
};

export type InstanceEffect = {
  /** As it is at the moment of asking: answers name its incarnation. */
  readonly instance: Instance;
  readonly kind:
    | "launch-instance"
    /** Find the process that an earlier bridge left running, or say that it is gone. */
    | "adopt-instance"
    | "watch-instance"
    /** Open its stream anew, at once. */
    | "rewatch-instance"
    | "stop-instance"
    | "kill-instance"
    | "sweep-instance"
    | "probe-instance"
    | "list-asks"
    /** Make the folders it knows known again: the first prompt there is faster. */
    | "warm-instance";
};

/** Gives back what the server holds for a folder. */
export type DirectoryEffect = { readonly kind: "forget-directory"; readonly instance: Instance; readonly directory: string };

export type AskEffect = { readonly kind: "answer-ask"; readonly ask: OpenAsk; readonly answer: AskAnswer };

export type Effect = AttemptEffect | InstanceEffect | DirectoryEffect | AskEffect;
