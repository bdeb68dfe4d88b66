import type { Notice } from "../../shared/notice";
import { protocolVersion } from "../../shared/protocol";
import type { BridgeView, Counts, FullSnapshot, RecentEnd, RecentNotice, StatusSnapshot } from "../../shared/snapshot";
import type { StreamMessage } from "../../shared/stream";
import type { TaskView } from "../../shared/task";
import { usageToday } from "../core/day";
import type { CoreState } from "../core/state";
import { hasEnded } from "../core/task";
import type { Now } from "../core/time";
import { askViews } from "./ask-views";
import type { CommittedTurn } from "./engine";
import { shortText } from "./short-text";
import { taskView } from "./task-view";
import { hostCounts, instanceStateName, instanceView, instanceViews, liveCounts } from "./views";

const endsMax = 5;
const noticesMax = 2;
const troubledMax = 8;
const asksMax = 5;
const endedTasksMax = 50;
/** Twelve of them, eight troubled instances and sixteen panes stay under the 4 KB that WezTerm parses within half a millisecond. */
const titleBytesMax = 100;

export interface PublisherParts {
  readonly state: () => CoreState;
  readonly now: () => Now;
  readonly bridgeView: () => BridgeView;
  /** As the clock's. */
  readonly soon: (call: () => void) => () => void;
  /** Views of tasks that ended before this bridge started, newest first. */
  readonly endedBefore: readonly TaskView[];
}

/** Tells what changed: a revision for those who poll, ordered messages for those who stay. */
export class Publisher {
  readonly #parts: PublisherParts;
  readonly #subscribers = new Set<(message: StreamMessage) => void>();
  readonly #pollers = new Set<{ readonly since: number; readonly call: () => void }>();
  #revision = 1;
  #live: { readonly state: CoreState; readonly status: LiveStatus } | undefined;
  #ended: TaskView[];
  #ends: RecentEnd[] = [];
  #notices: RecentNotice[] = [];
  /** Their counts as they were told last. */
  #hosts = "{}";
  /** The day that those who stay know of. */
  #day: string;
  #succeeded: number;
  #failed: number;

  constructor(parts: PublisherParts) {
    this.#parts = parts;
    this.#ended = parts.endedBefore.slice(0, endedTasksMax);
    this.#day = parts.state().day.name;
    this.#succeeded = 0;
    this.#failed = 0;
  }

  get revision(): number {
    return this.#revision;
  }

  publish(turn: CommittedTurn): void {
    const messages = this.#messagesOf(turn);
    const hosts = JSON.stringify(hostCounts(turn.state));
    if (messages.length === 0 && hosts === this.#hosts) return;
    this.#hosts = hosts;
    this.#revision += 1;
    for (const receive of this.#subscribers) for (const message of messages) receive(message);
    this.#wakePollers();
  }

  /** Tells those who stay; it is no change of state. */
  ring(notice: Notice): void {
    for (const receive of this.#subscribers) receive({ kind: "notice", notice });
  }

  /** Tells those who poll: of asks and of ends of tasks they know by themselves. */
  show({ id, on, text, instanceId }: Notice): void {
    const shown = { id, on, text: shortText(text, titleBytesMax), instanceId };
    this.#notices = [...this.#notices, shown].slice(-noticesMax);
    this.touch();
  }

  /** The store refuses writes, or takes them again: no turn tells that. */
  tellStore(): void {
    const { storeError } = this.#parts.bridgeView();
    this.#revision += 1;
    for (const receive of this.#subscribers) receive({ kind: "store", revision: this.#revision, storeError });
    this.#wakePollers();
  }

  /** Something that only the polls tell has changed. */
  touch(): void {
    this.#revision += 1;
    this.#wakePollers();
  }

  #wakePollers(): void {
    for (const poller of [...this.#pollers]) {
      if (this.#revision > poller.since) {
        this.#pollers.delete(poller);
        poller.call();
      }
    }
  }

  subscribe(receive: (message: StreamMessage) => void): { readonly snapshot: FullSnapshot; readonly unsubscribe: () => void } {
    this.#subscribers.add(receive);
    return { snapshot: this.fullSnapshot(), unsubscribe: () => this.#subscribers.delete(receive) };
  }

  onRevisionAfter(since: number, call: () => void): () => void {
    // A client of an earlier bridge may name a revision this one never had: it needs a snapshot now.
    if (since !== this.#revision) {
      return this.#parts.soon(call);
    }
    const poller = { since, call };
    this.#pollers.add(poller);
    return () => this.#pollers.delete(poller);
  }

  statusSnapshot(): StatusSnapshot {
    const state = this.#parts.state();
    const { troubled, asks } = this.#liveOf(state);
    return {
      protocol: protocolVersion,
      revision: this.#revision,
      bridge: shortBridge(this.#parts.bridgeView()),
      counts: this.counts(),
      ...(state.day.reached === undefined ? {} : { pause: shortText(state.day.reached, titleBytesMax) }),
      troubled,
      asks,
      ends: this.#ends,
      ...(this.#notices.length === 0 ? {} : { notices: this.#notices }),
    };
  }

  /** Counted once a state: hundreds may ask for it at once. */
  #liveOf(state: CoreState): LiveStatus {
    if (this.#live?.state !== state) this.#live = { state, status: liveStatus(state, this.#parts.now()) };
    return this.#live.status;
  }

  fullSnapshot(): FullSnapshot {
    const state = this.#parts.state();
    const now = this.#parts.now();
    const live = [...state.tasks.values()].map((task) => taskView(task, now));
    return {
      revision: this.#revision,
      bridge: this.#parts.bridgeView(),
      counts: this.counts(),
      pause: state.day.reached,
      instances: instanceViews(state),
      tasks: [...live, ...this.#ended],
      asks: askViews(state, now),
    };
  }

  counts(): Counts {
    const state = this.#parts.state();
    return { ...this.#liveOf(state).counts, succeeded: this.#succeeded, failed: this.#failed, dropped: state.dropped };
  }

  #messagesOf(turn: CommittedTurn): readonly StreamMessage[] {
    const { state, changedTasks, changedInstances, asksChanged, amendedTasks, happenings, now } = turn;
    const revision = this.#revision + 1;
    const messages: StreamMessage[] = [];
    for (const id of changedTasks) {
      const task = state.tasks.get(id);
      if (!task) continue;
      const view = taskView(task, now);
      messages.push({ kind: "task", revision, task: view });
      if (hasEnded(task)) this.#noteEnd(view, revision);
    }
    for (const task of amendedTasks) {
      const view = taskView(task, now);
      this.#ended = this.#ended.map((each) => (each.id === view.id ? view : each));
      messages.push({ kind: "task", revision, task: view });
    }
    for (const instanceId of changedInstances) {
      const instance = state.instances.get(instanceId);
      if (instance)
        messages.push({ kind: "instance", revision, instance: instanceView(instance, state.tasks.loads.get(instanceId), state.hosts) });
      else messages.push({ kind: "instance-removed", revision, instanceId });
    }
    if (happenings.some(({ kind }) => kind === "limit.reached" || kind === "limit.lifted")) {
      messages.push({ kind: "pause", revision, pause: state.day.reached });
    }
    if (asksChanged) messages.push({ kind: "asks", revision, asks: askViews(state, now) });
    if (state.day.name !== this.#day) messages.push({ kind: "today", revision, costToday: usageToday(state).cost });
    this.#day = state.day.name;
    return messages;
  }

  #noteEnd(view: TaskView, revision: number): void {
    this.#ended = [view, ...this.#ended.filter(({ id }) => id !== view.id)].slice(0, endedTasksMax);
    this.#ends = [...this.#ends, { taskId: view.id, title: shortText(view.title, titleBytesMax), state: view.state, revision }].slice(
      -endsMax,
    );
    if (view.state === "succeeded") this.#succeeded += 1;
    if (view.state === "failed") this.#failed += 1;
  }
}

type LiveStatus = Pick<StatusSnapshot, "troubled" | "asks"> & { readonly counts: Omit<Counts, "succeeded" | "failed" | "dropped"> };

/** What of the status follows from the state alone. */
function liveStatus(state: CoreState, now: Now): LiveStatus {
  const all = [...state.instances.values()].map((instance) => ({
    id: instance.id,
    name: instance.name,
    state: instanceStateName(instance, state.hosts),
  }));
  const troubled = all.filter((instance) => instance.state !== "ready" && instance.state !== "stopped");
  const asks = askViews(state, now).slice(0, asksMax);
  const { cost, tokensIn, tokensOut } = usageToday(state);
  return {
    counts: { ...liveCounts(state), costToday: cost, tokensToday: tokensIn + tokensOut },
    troubled: troubled.slice(0, troubledMax),
    asks: asks.map(({ id, taskId, title, content }) => ({ id, taskId, title: shortText(title, titleBytesMax), kind: content.kind })),
  };
}

function shortBridge(bridge: BridgeView): BridgeView {
  const { storeError } = bridge;
  return storeError === undefined ? bridge : { ...bridge, storeError: shortText(storeError, 2 * titleBytesMax) };
}
