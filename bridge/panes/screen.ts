import type { TaskId } from "../../shared/ids";
import type { StreamMessage } from "../../shared/stream";
import { type Frame, frameDifference, fullFrame, type Size } from "../paint/frame";
import { encode, type Palette } from "../paint/line";
import type { BridgeService, PaneCursor } from "../runtime/service";
import { drawPane } from "./draw-pane";
import { type OutputTail, withEntries } from "./output-tail";
import { freshPaneState, type PaneState, selectedTask, withDrawn } from "./pane-state";
import { type PaneContent, PaneWorld, type ScreenTarget } from "./pane-world";
import { type PaneAct, press } from "./press";

/** Where frames go: a stream that may lag. */
export interface FrameSink {
  /** False: no more until `onDrain` calls. */
  write(text: string): boolean;
  onDrain(call: () => void): void;
}

export interface ScreenView {
  readonly target: ScreenTarget;
  readonly size: Size;
  readonly palette: Palette;
  /** Of the pane of WezTerm that the screen is in. */
  readonly cursor?: PaneCursor | undefined;
  readonly sink: FrameSink;
}

type Service = Pick<BridgeService, "subscribe" | "subscribeOutput">;

const bell = "\u0007";
/** At most ten frames a second. */
const frameEveryMs = 100;
/** Keys typed before anybody can have seen the screen were meant for what was there before. */
const deafMs = 300;

/**
 * One pane's screen. Between `show` and `hide` it follows the bridge's news and draws what changed; what the person did on it (cursor,
 * half-given answers) stays with it when it is hidden and shown again, as at every change of its size.
 */
export class Screen {
  readonly #service: Service;
  readonly #nowMs: () => number;
  #state: PaneState = freshPaneState;
  #shown: Shown | undefined;
  #firstShownAtMs: number | undefined;

  constructor(service: Service, nowMs: () => number) {
    this.#service = service;
    this.#nowMs = nowMs;
  }

  get isShown(): boolean {
    return this.#shown !== undefined;
  }

  /** Draws everything at once; whoever showed it before shows it no more. */
  show(view: ScreenView): void {
    this.hide();
    this.#firstShownAtMs ??= this.#nowMs();
    const dirty = (): void => this.#plan();
    const early: StreamMessage[] = [];
    let receive = (message: StreamMessage): void => void early.push(message);
    const { snapshot, unsubscribe } = this.#service.subscribe((message) => receive(message));
    const world = new PaneWorld(snapshot);
    receive = (message) => {
      if (message.kind === "notice" && world.isFor(message.notice, view.target)) view.sink.write(bell);
      if (world.apply(message, view.target)) dirty();
    };
    for (const message of early) receive(message);
    const unwish = view.cursor?.onWish((taskId) => this.#select(taskId)) ?? (() => undefined);
    this.#shown = { view, world, frame: undefined, drawnAtMs: 0, blocked: false, releases: [unsubscribe, unwish] };
    this.#draw();
  }

  /** With `sink`: only if it is still the one that shows it. */
  hide(sink?: FrameSink): void {
    const shown = this.#shown;
    if (!shown || (sink && shown.view.sink !== sink)) return;
    this.#shown = undefined;
    clearTimeout(shown.timer);
    shown.output?.unsubscribe();
    for (const release of shown.releases) release();
  }

  /** What the bytes of a key ask for; nothing while it is hidden. */
  press(bytes: string): PaneAct | undefined {
    const content = this.content();
    const isDeaf = this.#nowMs() - (this.#firstShownAtMs ?? 0) < deafMs;
    if (!content || isDeaf) return undefined;
    const { state, act } = press(this.#state, content, bytes, this.#nowMs());
    this.#state = state;
    this.#plan();
    return act;
  }

  /** Tells the person something, until the next key. */
  notice(text: string): void {
    this.#state = { ...this.#state, notice: text };
    this.#plan();
  }

  /** Undefined while it is hidden. */
  content(): PaneContent | undefined {
    return this.#shown?.world.content(this.#shown.view.target);
  }

  /** What Enter opens: the selected task, else the instance. */
  selected(): TaskId | undefined {
    const content = this.content();
    return content ? selectedTask(content, this.#state)?.id : this.#state.cursor;
  }

  #select(taskId: TaskId): void {
    this.#state = { ...this.#state, cursor: taskId };
    if (this.#shown?.frame) this.#plan();
  }

  #plan(): void {
    const shown = this.#shown;
    if (!shown || shown.timer !== undefined) return;
    const waitMs = Math.max(0, shown.drawnAtMs + frameEveryMs - this.#nowMs());
    shown.timer = setTimeout(() => {
      shown.timer = undefined;
      this.#draw();
    }, waitMs);
  }

  #draw(): void {
    const shown = this.#shown;
    // The latest state is drawn once the stream has room again.
    if (!shown || shown.blocked) return;
    const { view, world } = shown;
    const content = world.content(view.target);
    this.#follow(shown, selectedTask(content, this.#state)?.id);
    this.#state = withDrawn(this.#state, content, this.#nowMs());
    const lines = drawPane(content, this.#state, shown.output?.tail ?? [], view.size);
    const frame = lines.map((line) => encode(line, view.size.columns, view.palette));
    const text = shown.frame ? frameDifference(shown.frame, frame) : fullFrame(frame);
    shown.frame = frame;
    shown.drawnAtMs = this.#nowMs();
    if (text === "" || view.sink.write(text)) return;
    shown.blocked = true;
    view.sink.onDrain(() => {
      shown.blocked = false;
      if (this.#shown === shown) this.#plan();
    });
  }

  /** Listens to what the selected task says, and to nothing else. */
  #follow(shown: Shown, taskId: TaskId | undefined): void {
    if (shown.output?.taskId === taskId) return;
    shown.output?.unsubscribe();
    shown.output = undefined;
    shown.view.cursor?.shows(taskId);
    if (taskId === undefined) return;
    const followed = this.#service.subscribeOutput(taskId, (entry) => {
      output.tail = withEntries(output.tail, [entry]);
      this.#plan();
    });
    const output: Followed = { taskId, tail: withEntries([], followed.tail), unsubscribe: followed.unsubscribe };
    shown.output = output;
  }
}

interface Shown {
  readonly view: ScreenView;
  readonly world: PaneWorld;
  readonly releases: readonly (() => void)[];
  frame: Frame | undefined;
  drawnAtMs: number;
  /** The stream takes no more for now. */
  blocked: boolean;
  timer?: NodeJS.Timeout | undefined;
  output?: Followed | undefined;
}

interface Followed {
  readonly taskId: TaskId;
  tail: OutputTail;
  readonly unsubscribe: () => void;
}
