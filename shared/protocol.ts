import type { AnswerAskParams, Ask, AskView, PermissionRule } from "./ask";
import type { AuditEntry, ListAuditParams } from "./audit";
import type { CostQuery, CostResult, MoreToday, TodayView } from "./cost";
import type { ErrorInfo } from "./errors";
import type { HookRun } from "./happening";
import type { AddHostParams, HostCheck, HostView } from "./host";
import type { HostId, InstanceId, TaskId } from "./ids";
import type { InstanceView, SpawnParams } from "./instance";
import type { GuiSettings, GuiView, OpenPaneParams, PaneView, RegisterGuiParams } from "./pane";
import type { DropResult, GcReport, MergeParams, MergeResult, OpenResult } from "./result";
import type { BridgeView, FullSnapshot, StatusSnapshot } from "./snapshot";
import type { Isolation, PlacementFilter, StrategyName, TaskView } from "./task";

/** Raised by one at every change that an older side cannot read. */
export const protocolVersion = 1;

/** HTTP routes of the bridge's socket. Answers are JSON with `content-type: application/json`, but where text is said. */
export const routes = {
  /** GET: HelloResult. Also the liveness check of whoever wants to take the socket over. */
  hello: "/v1/hello",
  /** POST RpcRequest: RpcResponse. */
  rpc: "/v1/rpc",
  /**
   * GET ?since=N&waitMs=M: StatusSnapshot, at once when the revision is not N, else when it changes or after M ms. With `gui=PID` it
   * holds the panes of that GUI too.
   */
  poll: "/v1/poll",
  /**
   * WebSocket (see stream.ts): in each frame a StreamMessage, or an array of them. `?output=TASK` adds the live output of one task.
   * `?lines=1`: the newest line of every task that speaks, and the client may send WatchRequest as often as it likes.
   */
  stream: "/v1/stream",
  /**
   * GET ?screen=NAME&target=ID&columns=C&rows=R[&colours=0][&gui=PID&pane=ID]: text that draws a pane's screen, until either side
   * hangs up. The name is the client's choice; the same one again, of another size or after a pause, keeps cursor and view.
   */
  paneScreen: "/v1/pane/screen",
  /** POST ?screen=NAME with the bytes of keys: a line `attach`, `quit`, or nothing. */
  paneKey: "/v1/pane/key",
  /** GET ?target=ID[&screen=NAME]: lines `name=value` with what `opencode attach` of the selected session needs, or none. */
  paneAttach: "/v1/pane/attach",
  /** GET: text in Prometheus' format 0.0.4. */
  metrics: "/metrics",
} as const;

export const limits = {
  promptBytesMax: 1024 * 1024,
  /** One request body. */
  requestBytesMax: 2 * 1024 * 1024,
  pollWaitMsMax: 60_000,
  /** Bytes a WebSocket client may lag behind before it is cut off. */
  clientBacklogBytesMax: 4 * 1024 * 1024,
  /** Bytes that may wait for all clients together before whoever lags behind most is cut off. */
  totalBacklogBytesMax: 32 * 1024 * 1024,
  connectionsMax: 1_024,
  /** Cells of one pane's screen. */
  screenCellsMax: 250_000,
  diffBytesMax: 1024 * 1024,
} as const;

export interface HelloResult {
  readonly protocol: number;
  readonly bridge: BridgeView;
  /** Its store is not open yet: calls wait until it is, or until it is known why it cannot be. */
  readonly starting?: true | undefined;
}

/** What `distribute_task` and friends take; every field but the prompt has a default from the configuration. */
export interface SubmitParams {
  readonly prompt: string;
  readonly directory: string;
  readonly model?: string | undefined;
  readonly agent?: string | undefined;
  readonly variant?: string | undefined;
  readonly attachments?: readonly string[] | undefined;
  readonly isolation?: Isolation | undefined;
  readonly withChanges?: boolean | undefined;
  readonly attemptsMax?: number | undefined;
  readonly runTimeMaxMs?: number | undefined;
  readonly queueTimeMaxMs?: number | undefined;
  readonly tokensMax?: number | undefined;
  readonly costMax?: number | undefined;
  readonly priority?: number | undefined;
  readonly after?: readonly TaskId[] | undefined;
  readonly filter?: Partial<PlacementFilter> | undefined;
  readonly strategy?: StrategyName | undefined;
  /** After those of the configuration: the last rule that matches counts. */
  readonly permissions?: readonly PermissionRule[] | undefined;
}

export interface SubmitResult {
  readonly task: TaskView;
  /** Things worth saying: "3 files not included (uncommitted); use --with-changes". */
  readonly notices: readonly string[];
}

export interface TaskRef {
  readonly taskId: TaskId;
}

export interface InstanceRef {
  readonly instanceId: InstanceId;
}

/** Why a task is where it is. */
export interface WhyResult {
  readonly task: TaskView;
  readonly lines: readonly string[];
  /** It waits, and as things are no instance can ever take it. */
  readonly stuck?: boolean | undefined;
}

/**
 * Methods of the RPC route: name, parameters, result. The first four keep the names of the first specification.
 * Commands (those that change something) take a `requestId`: a repeated one gives the first one's result.
 */
export interface Methods {
  spawn_opencode_server: { params: SpawnParams; result: { readonly instances: readonly InstanceView[] } };
  list_opencode_servers: { params: Record<string, never>; result: { readonly instances: readonly InstanceView[] } };
  /** The host `name`, with a WezTerm domain over ssh: added where there is none. */
  create_wezterm_domain: {
    params: { readonly name: HostId; readonly address: string; readonly username: string };
    result: { readonly host: HostView };
  };
  /** Those that registered and live, as far as it can be seen. */
  list_guis: { params: Record<string, never>; result: { readonly guis: readonly GuiView[] } };
  /** Starts an instance there as soon as it can be reached. */
  add_host: { params: AddHostParams; result: { readonly host: HostView; readonly instances: readonly InstanceView[] } };
  list_hosts: { params: Record<string, never>; result: { readonly hosts: readonly HostView[] } };
  check_host: { params: { readonly name: HostId }; result: { readonly checks: readonly HostCheck[] } };
  /** `forget`: leaves alone whatever runs there. */
  remove_host: {
    params: { readonly name: HostId; readonly forget?: boolean | undefined };
    result: { readonly removedInstances: readonly InstanceId[] };
  };
  distribute_task: { params: SubmitParams; result: SubmitResult };
  /** `--dry-run`: where it would be placed now. */
  preview_task: { params: SubmitParams; result: { readonly lines: readonly string[] } };
  reply_task: {
    params: { readonly taskId: TaskId; readonly prompt: string; readonly attachments?: readonly string[] | undefined };
    result: SubmitResult;
  };
  list_tasks: {
    /** `brief`: prompts and texts are cut to 200 characters; WezTerm parses 1.6 KB in 0.2 ms, on its GUI thread. */
    params: { readonly limit?: number | undefined; readonly all?: boolean | undefined; readonly brief?: boolean | undefined };
    result: { readonly tasks: readonly TaskView[] };
  };
  get_task: { params: TaskRef; result: { readonly task: TaskView } };
  why_task: { params: TaskRef; result: WhyResult };
  task_diff: {
    params: TaskRef;
    result: { readonly diff: string /** It is cut at `diffBytesMax`. */; readonly truncated?: boolean | undefined };
  };
  task_transcript: { params: TaskRef; result: { readonly entries: readonly { readonly role: string; readonly text: string }[] } };
  cancel_task: { params: TaskRef; result: { readonly task: TaskView } };
  retry_task: { params: TaskRef; result: { readonly task: TaskView } };
  /**
   * `into`: the branch checked out in the task's repository when absent. Nothing is changed when it is refused: MERGE_CONFLICT (names
   * the files), MERGE_NOT_FAST_FORWARD, MERGE_TARGET_…, BRANCH_UNKNOWN.
   */
  merge_task: { params: TaskRef & MergeParams; result: { readonly merge: MergeResult } };
  /** Deletes the task's branch. BRANCH_NOT_MERGED without `force`; WORKTREE_DIRTY where somebody works on it. */
  drop_task: { params: TaskRef & { readonly force?: boolean | undefined }; result: { readonly drop: DropResult } };
  /** A working tree with the task's branch: where it runs, where it is checked out, else a new one. */
  open_task: { params: TaskRef; result: { readonly open: OpenResult } };
  /** Removes what merged and dropped tasks left, and what nobody owns any more; never work that is nowhere else. */
  gc: { params: { readonly olderThanMs?: number | undefined; readonly dryRun?: boolean | undefined }; result: GcReport };
  /** `brief`: patterns and details are cut to 500 characters each. */
  list_asks: { params: { readonly brief?: boolean | undefined }; result: { readonly asks: readonly AskView[] } };
  /** ASK_UNKNOWN, ASK_ANSWERED, ASK_ANSWER_INVALID. The first answer counts; it is kept until OpenCode has taken it. */
  answer_ask: { params: AnswerAskParams; result: { readonly ask: Ask } };
  /** Asks that are over, the latest first; 200 of them unless told, 1,000 at most. */
  list_audit: { params: ListAuditParams; result: { readonly entries: readonly AuditEntry[] } };
  /** `drain`: once its turns have ended. */
  restart_instance: { params: InstanceRef & { readonly drain?: boolean | undefined }; result: { readonly instance: InstanceView } };
  drain_instance: { params: InstanceRef; result: { readonly instance: InstanceView } };
  stop_instance: { params: InstanceRef; result: { readonly instance: InstanceView } };
  instance_log: { params: InstanceRef & { readonly linesMax?: number | undefined }; result: { readonly text: string } };
  /** Also tells whether the bridge knows this GUI: after a restart of either, a GUI registers again. */
  register_gui: { params: RegisterGuiParams; result: GuiSettings };
  /** GUI_UNKNOWN: register first. `notice`, for a toast: why the pane is local though its host has a domain. */
  open_pane: { params: OpenPaneParams; result: { readonly paneId?: number | undefined; readonly notice?: string | undefined } };
  /** Opens the panes again that went down with an earlier GUI; those that a person closed stay closed. */
  open_panes: {
    params: { readonly guiId: number; readonly windowId?: number | undefined; readonly shownPaneId?: number | undefined };
    result: { readonly panes: readonly PaneView[] };
  };
  close_pane: { params: { readonly guiId: number; readonly paneId: number }; result: { readonly closed: boolean } };
  /** Only the first who asks about a subject tells the person of it: several GUIs see the same news. */
  claim_toast: { params: { readonly subject: string }; result: { readonly granted: boolean } };
  pane_views: { params: { readonly guiId: number }; result: { readonly panes: readonly PaneView[] } };
  /** What hooks did, oldest first; the newest 50 by default. */
  hook_runs: { params: { readonly limit?: number | undefined }; result: { readonly runs: readonly HookRun[] } };
  /** The newest days first, else what cost most; `total` is of all, also of those that `limit` (50 by default) left out. */
  get_costs: { params: CostQuery; result: CostResult };
  /** More than the limits of a day, today. LIMIT_NOT_SET. */
  allow_today: { params: MoreToday; result: { readonly today: TodayView } };
  get_snapshot: { params: Record<string, never>; result: FullSnapshot };
  get_status: { params: Record<string, never>; result: StatusSnapshot };
  /**
   * `all`: stop the instances too. Answers when the bridge is about to exit. It stays as it is in every protocol, as `hello` does: a newer
   * octo ends an older bridge by them.
   */
  shut_down: { params: { readonly all: boolean }; result: { readonly stoppedInstances: number } };
}

export type MethodName = keyof Methods;

/** What a client posts to the rpc route. @public */
export interface RpcRequest {
  readonly protocol: number;
  readonly requestId: string;
  readonly method: string;
  readonly params: unknown;
}

export type RpcResponse<Result = unknown> =
  | { readonly ok: true; readonly result: Result }
  | {
      readonly ok: false;
      /** `retryAfterMs`: the same request is welcome after so long, not before. */
      readonly error: ErrorInfo & { readonly next: string; readonly retryable: boolean; readonly retryAfterMs?: number | undefined };
    };
