import type { StreamMessage } from "../../../shared/stream";
import type { Act } from "../../board/act";
import { draw } from "../../board/draw";
import { type BoardState, freshBoard, watchedTask } from "../../board/state";
import { type BoardEvent, step } from "../../board/step";
import { caretAt, type Frame, frameDifference, fullFrame } from "../../paint/frame";
import { encode } from "../../paint/line";
import type { Client } from "../client";
import { attachSession } from "./attach-session";
import { type BoardLink, openBoardLink } from "./board-link";
import { type BoardTerminal, createBoardTerminal } from "./board-terminal";
import { carryOut, loadPage, sayError } from "./carry-out";
import type { Guest } from "./guest";
import { openEditor } from "./open-editor";

/** At most sixty frames a second. */
const frameEveryMs = 1_000 / 60;
/** Run times are shown in seconds, everything else in minutes. */
const tickWhileRunningMs = 1_000;
const tickAtRestMs = 20_000;
const hostsEveryMs = 5_000;
/** Messages that wait for a frame while none is drawn. */
const pendingMax = 500;

export interface BoardParts {
  readonly client: Client;
  readonly directory: string;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The person wants out, or nobody is there any more. */
  readonly onQuit: () => void;
  readonly onFailed: (thrown: unknown) => void;
  /** To the background, until the shell brings it back. */
  readonly onSuspend: () => void;
}

/** The board on a terminal: what comes from the bridge and the keyboard goes into the model, what the model shows goes to the screen. */
export class Board {
  readonly #parts: BoardParts;
  readonly #terminal: BoardTerminal;
  #link: BoardLink | undefined;
  #state: BoardState;
  #pending: StreamMessage[] = [];
  #drawn: { readonly frame: Frame; readonly caret: string } | undefined;
  #drawnAtMs = Number.NEGATIVE_INFINITY;
  #frameTimer: NodeJS.Timeout | undefined;
  #tickTimer: NodeJS.Timeout | undefined;
  #hostsTimer: NodeJS.Timeout | undefined;
  #guest: Guest | undefined;
  #isStopped = false;
  /** The screen is somebody else's: OpenCode's, the shell's, or the person's after the end. */
  #isAway = true;

  constructor(parts: BoardParts) {
    this.#parts = parts;
    this.#terminal = createBoardTerminal(parts.stdin, parts.stdout, parts.environment, {
      onInput: (input, alone) => this.#take({ kind: "input", input, alone }),
      onResize: () => this.#resized(),
      onGone: parts.onQuit,
    });
    this.#state = freshBoard({ size: this.#terminal.size(), directory: parts.directory, ...now() });
  }

  /** Another program has the terminal. */
  get hasGuest(): boolean {
    return this.#guest !== undefined;
  }

  start(): void {
    this.enter();
    this.#link = openBoardLink(this.#parts.client.socketPath, {
      onMessage: (message) => this.#receive(message),
      onLost: (reason) => this.#take({ kind: "link", link: { kind: "away", sinceMs: performance.now(), reason } }),
      onRefused: this.#parts.onFailed,
    });
  }

  /** The screen is the board's, and drawn anew. */
  enter(): void {
    if (this.#guest) return;
    this.#terminal.enter();
    this.#isAway = false;
    this.#drawn = undefined;
    this.#take({ kind: "resized", size: this.#terminal.size() });
    this.#take({ kind: "shown" });
  }

  /** The terminal as it was; news are still taken. */
  leave(): void {
    this.#isAway = true;
    clearTimeout(this.#frameTimer);
    clearTimeout(this.#tickTimer);
    this.#frameTimer = undefined;
    this.#terminal.leave();
  }

  /** May be called twice. */
  async stop(signal?: NodeJS.Signals): Promise<void> {
    this.#isStopped = true;
    this.#guest?.kill(signal ?? "SIGTERM");
    this.leave();
    await this.#link?.end();
    clearTimeout(this.#hostsTimer);
  }

  #receive(message: StreamMessage): void {
    this.#pending.push(message);
    if (this.#pending.length >= pendingMax) this.#settle();
    if (message.kind === "snapshot") this.#take({ kind: "link", link: { kind: "live" } });
    else this.#plan();
    // What tells that there are hosts.
    if (message.kind === "snapshot" || message.kind === "instance") this.#hostsTimer ??= setTimeout(() => this.#askHosts(), 0);
  }

  /** What came from the bridge before goes in first. */
  #take(event: BoardEvent): void {
    this.#settle();
    this.#step(event);
    this.#plan();
  }

  #settle(): void {
    if (this.#pending.length === 0) return;
    this.#step({ kind: "messages", messages: this.#pending.splice(0) });
  }

  #step(event: BoardEvent): void {
    const { state, acts } = step(this.#state, event, now());
    this.#state = state;
    this.#link?.watch(watchedTask(state));
    for (const act of acts) this.#act(act);
  }

  #act(act: Act): void {
    const { client } = this.#parts;
    switch (act.kind) {
      case "quit":
        return this.#parts.onQuit();
      case "suspend":
        return this.#parts.onSuspend();
      case "redraw":
        this.#drawn = undefined;
        return;
      case "attach":
        return void this.#lend("OpenCode", (beforeStart) => attachSession(client.socketPath, act.target, beforeStart));
      case "open":
        return void this.#lend("the editor", (beforeStart) => openEditor(client, act.taskId, beforeStart));
      case "call":
        return void carryOut(client, act).then((notice) => this.#take({ kind: "noticed", notice }));
      case "load":
        return void loadPage(client, act).then((loaded) => this.#take({ ...act, kind: "loaded", loaded }));
    }
  }

  /** The terminal is another program's until that ends. */
  async #lend(name: string, start: (beforeStart: () => void) => Promise<Guest>): Promise<void> {
    if (this.#guest) return;
    try {
      this.#guest = await start(() => this.leave());
      const code = await this.#guest.ended;
      if (code !== 0) throw new Error(`${name} ended with ${code === null ? "a signal" : `code ${code}`}`);
    } catch (thrown) {
      this.#take({ kind: "noticed", notice: { text: sayError(thrown), isError: true } });
    } finally {
      this.#guest = undefined;
      if (this.#isAway && !this.#isStopped) this.enter();
    }
  }

  /** Hosts are in no stream, and their figures have an age. */
  #askHosts(): void {
    this.#hostsTimer = undefined;
    this.#settle();
    const { hasHosts, instances } = this.#state.world;
    if (!hasHosts && [...instances.values()].every(({ host }) => host === "local")) return;
    this.#hostsTimer = setTimeout(() => this.#askHosts(), hostsEveryMs);
    void this.#parts.client.call("list_hosts", {}).then(
      ({ hosts }) => this.#take({ kind: "hosts", hosts }),
      // The stream tells that the bridge is away.
      () => undefined,
    );
  }

  #resized(): void {
    this.#drawn = undefined;
    this.#take({ kind: "resized", size: this.#terminal.size() });
  }

  #plan(): void {
    if (this.#isAway || this.#frameTimer !== undefined) return;
    const waitMs = Math.max(0, this.#drawnAtMs + frameEveryMs - performance.now());
    this.#frameTimer = setTimeout(() => {
      this.#frameTimer = undefined;
      this.#draw();
    }, waitMs);
  }

  #draw(): void {
    this.#settle();
    const { size, world } = this.#state;
    const picture = draw(this.#state);
    const frame = picture.lines.map((line) => encode(line, size.columns, this.#terminal.palette));
    const caret = caretAt(picture.caret);
    const changed = this.#drawn ? frameDifference(this.#drawn.frame, frame) : fullFrame(frame);
    if (changed !== "" || caret !== this.#drawn?.caret) this.#terminal.write(changed + caret);
    this.#drawn = { frame, caret };
    this.#drawnAtMs = performance.now();
    clearTimeout(this.#tickTimer);
    const isRunning = [...world.tasks.values()].some(({ task }) => task.state === "running") || this.#state.link.kind === "away";
    this.#tickTimer = setTimeout(() => this.#take({ kind: "tick" }), isRunning ? tickWhileRunningMs : tickAtRestMs);
  }
}

function now(): { readonly nowMs: number; readonly nowEpochMs: number } {
  return { nowMs: performance.now(), nowEpochMs: Date.now() };
}
