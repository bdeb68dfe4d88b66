import type { TaskId } from "../../shared/ids";
import type { MethodName, Methods, OutputEntry, StreamMessage } from "../../shared/protocol";
import type { BridgeView, FullSnapshot, StatusSnapshot } from "../../shared/snapshot";

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
}
