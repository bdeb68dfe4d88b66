import type { Ask, AskAnswer, AskSurface } from "../../shared/ask";
import type { ErrorInfo } from "../../shared/errors";
import type { HostFigures } from "../../shared/host";
import type { AskId, HostId, InstanceId, TaskId } from "../../shared/ids";
import type { BranchResult, Usage } from "../../shared/task";
import type { AskClosing } from "./ask-close";
import type { Day, DayAmount } from "./day";
import type { Host } from "./host";
import type { AfterStop, Instance, ProcessIdentity } from "./instance";
import type { Task, Workspace } from "./task";
import type { TurnReport, TurnRetry } from "./turn";

/** Which effect of which attempt an event answers. */
export interface Fence {
  readonly taskId: TaskId;
  readonly attempt: number;
  readonly step: number;
}

/** News of one start of one instance. */
export interface FromInstance {
  readonly instanceId: InstanceId;
  readonly incarnation: number;
}

/** What has happened, in the past tense. Nothing else changes the state. */
export type Event = CommandEvent | AttemptEvent | SessionEvent | InstanceEvent | HostEvent | BridgeEvent;

/** What a person asked for; checked by the runtime before. */
export type CommandEvent =
  | { readonly kind: "task-submitted"; readonly task: Task }
  | { readonly kind: "task-cancel-requested"; readonly taskId: TaskId }
  /** The ended task, fetched from the store. */
  | { readonly kind: "task-retry-requested"; readonly task: Task }
  /** More than the limits, today. */
  | { readonly kind: "day-allowed"; readonly more: DayAmount }
  | { readonly kind: "ask-answer-requested"; readonly askId: AskId; readonly answer: AskAnswer; readonly surface: AskSurface }
  | { readonly kind: "instance-requested"; readonly instance: Instance }
  | { readonly kind: "instance-stop-requested"; readonly instanceId: InstanceId; readonly next: AfterStop; readonly drain: boolean }
  | { readonly kind: "instance-start-requested"; readonly instanceId: InstanceId };

/** Answers to the effects of an attempt. */
export type AttemptEvent =
  | { readonly kind: "workspace-prepared"; readonly fence: Fence; readonly workspace: Workspace }
  | { readonly kind: "workspace-failed"; readonly fence: Fence; readonly error: ErrorInfo }
  | {
      readonly kind: "session-opened";
      readonly fence: Fence;
      readonly sessionId: string;
      /** Ids for the prompt, committed before it is sent. */
      readonly messageId: string;
      readonly partIds: readonly string[];
    }
  | { readonly kind: "session-failed"; readonly fence: Fence; readonly error: ErrorInfo }
  | { readonly kind: "prompt-accepted"; readonly fence: Fence }
  | { readonly kind: "prompt-refused"; readonly fence: Fence; readonly error: ErrorInfo }
  | { readonly kind: "prompt-doubtful"; readonly fence: Fence; readonly error: ErrorInfo }
  | { readonly kind: "turn-inspected"; readonly fence: Fence; readonly report: TurnReport }
  | { readonly kind: "inspection-failed"; readonly fence: Fence; readonly error: ErrorInfo }
  | { readonly kind: "turn-aborted"; readonly fence: Fence }
  | { readonly kind: "workspace-finished"; readonly fence: Fence; readonly branch?: BranchResult | undefined }
  | { readonly kind: "finish-failed"; readonly fence: Fence; readonly error: ErrorInfo };

/** News from a server's stream about a root session. Hints: the truth is asked for by message id. */
export type SessionEvent = FromInstance & { readonly sessionId: string } & (
    | { readonly kind: "turn-started"; readonly messageId: string }
    | { readonly kind: "turn-progressed" }
    /** `error`: what the session reported last, for turns that leave no message behind (a wrong model or agent). */
    | { readonly kind: "turn-settled"; readonly error?: ErrorInfo | undefined }
    | { readonly kind: "turn-retrying"; readonly retry: TurnRetry }
    | { readonly kind: "usage-reported"; readonly usage: Usage }
  );

export type InstanceEvent = FromInstance &
  (
    | { readonly kind: "instance-launched"; readonly identity: ProcessIdentity; readonly port: number }
    /** Healthy and of a supported version; its stream comes next. */
    | { readonly kind: "instance-answered"; readonly version: string }
    | { readonly kind: "instance-start-failed"; readonly error: ErrorInfo; readonly fatal: boolean }
    | { readonly kind: "instance-adopted"; readonly identity: ProcessIdentity }
    | { readonly kind: "instance-exited"; readonly error: ErrorInfo }
    | { readonly kind: "instance-swept" }
    | { readonly kind: "instance-stopped" }
    | { readonly kind: "stream-opened" }
    | { readonly kind: "stream-lost" }
    | { readonly kind: "instance-alive" }
    | { readonly kind: "instance-measured"; readonly rssBytes: number }
    | { readonly kind: "probe-failed"; readonly cpuMs?: number | undefined }
    /** Every open ask of the instance: what is not in it has been answered or dropped. */
    | { readonly kind: "asks-listed"; readonly asks: readonly Ask[] }
    | { readonly kind: "ask-opened"; readonly ask: Ask }
    | { readonly kind: "ask-closed"; readonly askId: AskId; readonly closing: AskClosing }
    /** An answer did not get through. */
    | { readonly kind: "ask-answer-failed"; readonly askId: AskId }
  );

export type HostEvent =
  | { readonly kind: "host-added"; readonly host: Host }
  /** Its instances are gone already. */
  | { readonly kind: "host-removed"; readonly hostId: HostId }
  | { readonly kind: "host-connected"; readonly hostId: HostId }
  /** Also when the reason has changed. */
  | { readonly kind: "host-lost"; readonly hostId: HostId; readonly reason: ErrorInfo }
  | { readonly kind: "host-measured"; readonly hostId: HostId; readonly figures: HostFigures }
  | { readonly kind: "host-models-listed"; readonly hostId: HostId; readonly models: readonly string[] };

export type BridgeEvent =
  /** The calendar turned; the day as far as it is known already. */
  | { readonly kind: "day-began"; readonly day: Day }
  /** A deadline is due, or may be. */
  | { readonly kind: "tick" }
  /** The first event after a start: state as loaded. */
  | { readonly kind: "bridge-started" }
  /** The bridge did not run for a while (sleep, SIGSTOP); the engine clock did not count it. */
  | { readonly kind: "bridge-resumed"; readonly gapMs: number };
