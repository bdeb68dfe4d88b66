import type { InstanceId, TaskId } from "../../shared/ids";
import type { MethodName, Methods } from "../../shared/protocol";
import type { BridgeView, FullSnapshot, StatusSnapshot } from "../../shared/snapshot";
import type { OutputEntry, StreamMessage } from "../../shared/stream";

/** Who asks, for limits and logs. */
export interface CallContext {
  readonly requestId: string;
}

/** The methods of the socket, after parsing; every failure is an OctoError. */
export type BridgeCalls = {
  readonly [Name in MethodName]: (params: Methods[Name]["params"], context: CallContext) => Promise<Methods[Name]["result"]>;
};

/** Changes after a snapshot, in order; `closed` ends a subscription from either side. */
export interface Subscription {
  readonly snapshot: FullSnapshot;
  readonly unsubscribe: () => void;
}

/** What OpenCode's own TUI needs to attach; holds a password, for the private socket only. */
export interface AttachInfo {
  /** OpenCode, without arguments. */
  readonly command: readonly string[];
  readonly url: string;
  readonly password: string;
  /** Absent for an instance as such. */
  readonly sessionId?: string | undefined;
  readonly directory?: string | undefined;
}

/** The cursor of the screen in one pane of WezTerm. */
export interface PaneCursor {
  shows(taskId: TaskId | undefined): void;
  /** Calls with the tasks that somebody wants it on; the returned function ends it. */
  onWish(call: (taskId: TaskId) => void): () => void;
}

/** What the socket serves. The API parses, limits and translates; everything else is behind this. */
export interface BridgeService {
  readonly calls: BridgeCalls;
  bridgeView(): BridgeView;
  /** For a GUI with its panes. */
  statusSnapshot(guiId?: number): StatusSnapshot;
  /** Calls once when the revision is greater than `since`; the returned function stops waiting. */
  onRevisionAfter(since: number, call: () => void): () => void;
  subscribe(receive: (message: StreamMessage) => void): Subscription;
  /** What was said so far (a bounded tail), then as it comes. */
  subscribeOutput(
    taskId: TaskId,
    receive: (entry: OutputEntry) => void,
  ): { readonly tail: readonly OutputEntry[]; readonly unsubscribe: () => void };
  /** Tells whenever any task says something; `spoken`: those that did so far. */
  subscribeSaid(receive: (taskId: TaskId) => void): {
    readonly spoken: readonly TaskId[];
    /** On one line; "" for a task that said nothing yet. */
    readonly lastLineOf: (taskId: TaskId) => string;
    readonly unsubscribe: () => void;
  };
  /** TASK_UNKNOWN, TASK_NO_SESSION, INSTANCE_UNKNOWN, INSTANCE_NOT_READY, OPENCODE_MISSING. */
  attach(target: InstanceId | TaskId): Promise<AttachInfo>;
  /** Does nothing for a pane that the bridge did not open. */
  paneCursor(guiId: number, paneId: number): PaneCursor;
}
