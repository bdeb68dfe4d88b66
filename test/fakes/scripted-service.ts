import { OctoError } from "../../bridge/octo-error";
import { lastLine } from "../../bridge/runtime/last-line";
import type { BridgeCalls, BridgeService, CallContext } from "../../bridge/runtime/service";
import type { AskView } from "../../shared/ask";
import type { TaskId } from "../../shared/ids";
import type { InstanceView } from "../../shared/instance";
import type { Notice } from "../../shared/notice";
import { type MethodName, type Methods, protocolVersion } from "../../shared/protocol";
import type { BridgeView, Counts } from "../../shared/snapshot";
import type { OutputEntry, StreamMessage } from "../../shared/stream";
import type { TaskView } from "../../shared/task";

export interface RecordedCall {
  readonly method: MethodName;
  readonly params: unknown;
  readonly context: CallContext;
}

type Call<Name extends MethodName> = (params: Methods[Name]["params"], context: CallContext) => Promise<Methods[Name]["result"]>;

/** A service whose world the test sets and whose methods the test scripts; it does nothing by itself but publish. */
export interface ScriptedService extends BridgeService {
  /** Every call that reached a method, in order. */
  readonly received: readonly RecordedCall[];
  /** Subscribers and waiting polls; 0 when everything was given back. */
  listeners(): number;
  script(calls: Partial<BridgeCalls>): void;
  setTask(task: TaskView): void;
  setInstance(instance: InstanceView): void;
  setAsks(asks: readonly AskView[]): void;
  say(taskId: TaskId, entry: OutputEntry): void;
  ring(notice: Notice): void;
}

const sampleBridge: BridgeView = { version: "0.1.0", pid: 4_711, startedAtEpochMs: 1_700_000_000_000 };

export function scriptedService(): ScriptedService {
  const received: RecordedCall[] = [];
  const tasks = new Map<TaskId, TaskView>();
  const instances = new Map<string, InstanceView>();
  const outputs = new Map<TaskId, OutputEntry[]>();
  const subscribers = new Set<(message: StreamMessage) => void>();
  const listeners = new Set<{ readonly taskId: TaskId; readonly receive: (entry: OutputEntry) => void }>();
  const waiters = new Set<() => void>();
  const sayings = new Set<(taskId: TaskId) => void>();
  let asks: readonly AskView[] = [];
  let revision = 1;
  let scripted: { readonly [Name in MethodName]?: Call<Name> | undefined } = {};

  function publish(message: (revision: number) => StreamMessage): void {
    revision += 1;
    for (const receive of [...subscribers]) receive(message(revision));
    for (const call of [...waiters]) call();
  }

  function record<Name extends MethodName>(method: Name, answer: Call<Name>): Call<Name> {
    return async (params, context) => {
      received.push({ method, params, context });
      const own: Call<Name> | undefined = scripted[method];
      return (own ?? answer)(params, context);
    };
  }

  const unscripted = async (): Promise<never> => {
    throw new OctoError("METHOD_NOT_YET", "the test scripted no answer");
  };
  const known = (taskId: TaskId): TaskView => {
    const task = tasks.get(taskId);
    if (!task) throw new OctoError("TASK_UNKNOWN", `there is no task ${taskId}`);
    return task;
  };
  const counts = (): Counts => {
    const inState = (state: TaskView["state"]): number => [...tasks.values()].filter((task) => task.state === state).length;
    return {
      instances: instances.size,
      instancesReady: [...instances.values()].filter(({ state }) => state === "ready").length,
      queued: inState("queued"),
      running: inState("running"),
      waiting: asks.length,
      succeeded: inState("succeeded"),
      failed: inState("failed"),
      costToday: 0.42,
      tokensToday: 42_000,
      dropped: 0,
    };
  };
  const fullSnapshot = () => ({
    revision,
    bridge: sampleBridge,
    counts: counts(),
    instances: [...instances.values()],
    tasks: [...tasks.values()],
    asks,
  });
  const statusSnapshot = () => ({
    protocol: protocolVersion,
    revision,
    bridge: sampleBridge,
    counts: counts(),
    troubled: [...instances.values()].filter(({ state }) => state !== "ready").map(({ id, name, state }) => ({ id, name, state })),
    asks: asks.slice(0, 5).map(({ id, taskId, title, content }) => ({ id, taskId, title, kind: content.kind })),
    ends: [],
  });
  const ended = (task: TaskView): boolean => task.endedAtEpochMs !== undefined;

  return {
    received,
    listeners: () => subscribers.size + listeners.size + waiters.size + sayings.size,
    script(calls) {
      scripted = { ...scripted, ...calls };
    },
    setTask(task) {
      tasks.set(task.id, task);
      publish((at) => ({ kind: "task", revision: at, task }));
    },
    setInstance(instance) {
      instances.set(instance.id, instance);
      publish((at) => ({ kind: "instance", revision: at, instance }));
    },
    setAsks(next) {
      asks = next;
      publish((at) => ({ kind: "asks", revision: at, asks: next }));
    },
    ring(notice) {
      for (const receive of [...subscribers]) receive({ kind: "notice", notice });
    },
    say(taskId, entry) {
      outputs.set(taskId, [...(outputs.get(taskId) ?? []), entry]);
      for (const listener of [...listeners]) if (listener.taskId === taskId) listener.receive(entry);
      for (const listen of [...sayings]) listen(taskId);
    },
    bridgeView: () => sampleBridge,
    statusSnapshot,
    onRevisionAfter(since, call) {
      const waiter = (): void => {
        if (revision <= since) return;
        waiters.delete(waiter);
        call();
      };
      waiters.add(waiter);
      return () => waiters.delete(waiter);
    },
    subscribe(receive) {
      subscribers.add(receive);
      return { snapshot: fullSnapshot(), unsubscribe: () => subscribers.delete(receive) };
    },
    subscribeOutput(taskId, receive) {
      known(taskId);
      const listener = { taskId, receive };
      listeners.add(listener);
      return { tail: outputs.get(taskId) ?? [], unsubscribe: () => listeners.delete(listener) };
    },
    subscribeSaid(receive) {
      const listen = (taskId: TaskId): void => receive(taskId);
      sayings.add(listen);
      return {
        spoken: [...outputs.keys()],
        lastLineOf: (taskId) => lastLine(outputs.get(taskId) ?? []),
        unsubscribe: () => void sayings.delete(listen),
      };
    },
    async attach() {
      throw new OctoError("METHOD_NOT_YET", "the test scripted no session to attach to");
    },
    paneCursor: () => ({ shows: () => undefined, onWish: () => () => undefined }),
    calls: {
      spawn_opencode_server: record("spawn_opencode_server", unscripted),
      list_opencode_servers: record("list_opencode_servers", async () => ({ instances: [...instances.values()] })),
      create_wezterm_domain: record("create_wezterm_domain", unscripted),
      add_host: record("add_host", unscripted),
      list_hosts: record("list_hosts", async () => ({ hosts: [] })),
      check_host: record("check_host", unscripted),
      remove_host: record("remove_host", unscripted),
      distribute_task: record("distribute_task", unscripted),
      preview_task: record("preview_task", unscripted),
      reply_task: record("reply_task", unscripted),
      list_tasks: record("list_tasks", async ({ all }) => ({ tasks: [...tasks.values()].filter((task) => all || !ended(task)) })),
      get_task: record("get_task", async ({ taskId }) => ({ task: known(taskId) })),
      why_task: record("why_task", unscripted),
      task_diff: record("task_diff", unscripted),
      task_transcript: record("task_transcript", unscripted),
      cancel_task: record("cancel_task", unscripted),
      retry_task: record("retry_task", unscripted),
      merge_task: record("merge_task", unscripted),
      drop_task: record("drop_task", unscripted),
      open_task: record("open_task", unscripted),
      gc: record("gc", unscripted),
      list_asks: record("list_asks", async () => ({ asks })),
      list_audit: record("list_audit", async () => ({ entries: [] })),
      answer_ask: record("answer_ask", unscripted),
      restart_instance: record("restart_instance", unscripted),
      drain_instance: record("drain_instance", unscripted),
      stop_instance: record("stop_instance", unscripted),
      instance_log: record("instance_log", unscripted),
      register_gui: record("register_gui", unscripted),
      list_guis: record("list_guis", async () => ({ guis: [] })),
      open_pane: record("open_pane", unscripted),
      open_panes: record("open_panes", unscripted),
      close_pane: record("close_pane", unscripted),
      pane_views: record("pane_views", unscripted),
      claim_toast: record("claim_toast", unscripted),
      hook_runs: record("hook_runs", unscripted),
      get_costs: record("get_costs", unscripted),
      allow_today: record("allow_today", unscripted),
      get_snapshot: record("get_snapshot", async () => fullSnapshot()),
      get_status: record("get_status", async () => statusSnapshot()),
      shut_down: record("shut_down", unscripted),
    },
  };
}
