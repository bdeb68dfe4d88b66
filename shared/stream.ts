import type { AskView } from "./ask";
import type { InstanceId, TaskId } from "./ids";
import type { InstanceView } from "./instance";
import type { Notice } from "./notice";
import type { FullSnapshot } from "./snapshot";
import type { TaskView } from "./task";

// What goes over the WebSocket of routes.stream.
/** Live output of a task, never stored; `text` is inert. */
export type OutputEntry =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "tool"; readonly name: string; readonly title: string; readonly status: string };

/** WebSocket message, client to bridge, on a stream with `?lines=1`: from now on the output of this task and of no other; null: of none. */
export interface WatchRequest {
  readonly output: TaskId | null;
}

/** What a task said last. */
export interface SaidLine {
  readonly taskId: TaskId;
  /** Inert, on one line: the end of the last line, or the last tool. */
  readonly text: string;
}

/** WebSocket messages, bridge to client: the snapshot first, then changes in order. */
export type StreamMessage =
  | { readonly kind: "snapshot"; readonly snapshot: FullSnapshot }
  | { readonly kind: "task"; readonly revision: number; readonly task: TaskView }
  | { readonly kind: "instance"; readonly revision: number; readonly instance: InstanceView }
  | { readonly kind: "instance-removed"; readonly revision: number; readonly instanceId: InstanceId }
  | { readonly kind: "asks"; readonly revision: number; readonly asks: readonly AskView[] }
  /** Why nothing is placed today any more; absent once it goes on. */
  | { readonly kind: "pause"; readonly revision: number; readonly pause?: string | undefined }
  /** Why the store refuses writes; absent once it takes them again. */
  | { readonly kind: "store"; readonly revision: number; readonly storeError?: string | undefined }
  /** Another day has begun: what was used up on it, in US dollars. */
  | { readonly kind: "today"; readonly revision: number; readonly costToday: number }
  /** The person is told: ring the bell, or show it. */
  | { readonly kind: "notice"; readonly notice: Notice }
  | { readonly kind: "output"; readonly taskId: TaskId; readonly entry: OutputEntry }
  /** Answers a WatchRequest: what is kept of what the task said; `output` messages go on from there. */
  | { readonly kind: "output-tail"; readonly taskId: TaskId; readonly entries: readonly OutputEntry[] }
  /** Of the tasks that said something since the last such message; a few a second at most. */
  | { readonly kind: "lines"; readonly lines: readonly SaidLine[] };
