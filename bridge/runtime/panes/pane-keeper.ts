import type { TaskId } from "../../../shared/ids";
import type { PanePlace } from "../../../shared/pane";
import { type PlaceWish, placementOf } from "../../core/pane-place";
import {
  type Gui,
  guiOf,
  type OpenPane,
  type PaneBook,
  type PaneTarget,
  paneLimits,
  withListed,
  withOpened,
  withoutGui,
  withoutLost,
  withRegistered,
} from "../../core/panes";
import { OctoError } from "../../octo-error";
import type { Processes } from "../../ports/processes";
import type { Terminal, TerminalPane, Terminals } from "../../ports/terminals";
import type { FindDomainPane } from "./domain-pane";
import type { PaneBookFile } from "./pane-book-file";
import { spawnSomewhere } from "./spawn-somewhere";

export interface PaneKeeperParts {
  readonly terminals: Terminals;
  readonly processes: Pick<Processes, "identify" | "isAlive">;
  readonly file: PaneBookFile;
  /** Runs the thin view; the target and the GUI's id go after it. */
  readonly paneCommand: readonly [string, ...string[]];
  /** Where panes begin: the user's home. */
  readonly folder: string;
  /** The name of a target's tab; undefined when nobody knows the target (any more). */
  readonly titleOf: (target: PaneTarget) => string | undefined;
  readonly domainPane: FindDomainPane;
  /** Panes came or went: those who poll get to know. */
  readonly changed: () => void;
  readonly log: (message: string, details: Record<string, unknown>) => void;
}

export interface OpenRequest extends PlaceWish {
  readonly target: PaneTarget;
  readonly auto: boolean;
  /** The task of the target that the person chose. */
  readonly cursor?: TaskId | undefined;
}

export interface OpenedPane {
  readonly paneId: number;
  /** Why it is not in the domain of its host. */
  readonly notice?: string | undefined;
}

const placesMax = 16;

/** Opens, finds and closes mux panes in the GUIs that registered; one thing at a time in each GUI. */
export class PaneKeeper {
  readonly #parts: PaneKeeperParts;
  readonly #terminals = new Map<string, Terminal>();
  readonly #turns = new Map<number, Promise<unknown>>();
  #book: PaneBook;

  constructor(parts: PaneKeeperParts) {
    this.#parts = parts;
    this.#book = parts.file.load();
  }

  get book(): PaneBook {
    return this.#book;
  }

  async register(hello: Pick<Gui, "guiId" | "socketPath" | "command" | "version">): Promise<void> {
    const process = await this.#parts.processes.identify(hello.guiId).catch(() => undefined);
    this.#set(withRegistered(this.#book, { ...hello, process }));
    await this.#forgetDead();
  }

  /** Those that live, as far as it can be seen. */
  async guis(): Promise<readonly Gui[]> {
    await this.#forgetDead();
    return this.#book.guis;
  }

  /** Undefined when it is not to be opened by itself since the person closed it. */
  open(request: OpenRequest): Promise<OpenedPane | undefined> {
    return this.inTurn(request.guiId, async (terminal) => {
      const listed = await this.list(request.guiId, terminal);
      const gui = this.#known(request.guiId);
      const open = gui.panes.find(({ target }) => target === request.target);
      if (open) {
        if (request.focus) await terminal.activate(open.paneId);
        return { paneId: open.paneId };
      }
      if (request.auto && gui.closed.includes(request.target)) return undefined;
      if (gui.panes.length >= paneLimits.panesMax) {
        throw new OctoError("PANE_LIMIT", `octo opened ${gui.panes.length} panes in this GUI already`);
      }
      return this.#spawn(terminal, listed, request);
    });
  }

  /** Opens what went down with earlier GUIs, as far as it is still known. */
  async openLost(wish: Omit<PlaceWish, "focus">): Promise<readonly OpenPane[]> {
    this.#known(wish.guiId);
    await this.#forgetDead();
    const unknown = this.#book.lost.filter((target) => this.#parts.titleOf(target) === undefined);
    this.#set(withoutLost(this.#book, unknown));
    const opened: OpenPane[] = [];
    for (const target of this.#book.lost) {
      const pane = await this.open({ ...wish, target, focus: false, auto: false });
      if (pane) opened.push({ paneId: pane.paneId, target });
    }
    return opened;
  }

  /** False when it was gone already. Only panes that the bridge opened: PANE_UNKNOWN. */
  close(guiId: number, paneId: number): Promise<boolean> {
    return this.inTurn(guiId, async (terminal) => {
      if (!this.#known(guiId).panes.some((pane) => pane.paneId === paneId)) {
        throw new OctoError("PANE_UNKNOWN", `octo opened no pane ${paneId} in this GUI`);
      }
      const listed = await this.list(guiId, terminal);
      const wasOpen = listed.some((pane) => pane.paneId === paneId);
      if (wasOpen) await terminal.kill(paneId);
      this.#note(withListed(this.#book, guiId, new Set(listed.map((pane) => pane.paneId).filter((each) => each !== paneId))));
      return wasOpen;
    });
  }

  /** What is open now. */
  panes(guiId: number): Promise<readonly OpenPane[]> {
    return this.inTurn(guiId, async (terminal) => {
      await this.list(guiId, terminal);
      return this.#known(guiId).panes;
    });
  }

  /** As far as known without asking WezTerm; undefined for a GUI that has to register first. */
  places(guiId: number, instanceOf: (target: PaneTarget) => string | undefined): readonly PanePlace[] | undefined {
    return guiOf(this.#book, guiId)
      ?.panes.slice(-placesMax)
      .map(({ paneId, target }) => ({ paneId, instanceId: instanceOf(target) ?? target }));
  }

  /** Runs alone in this GUI. GUI_UNKNOWN; GUI_GONE, after which its panes count as lost. */
  async inTurn<Result>(guiId: number, run: (terminal: Terminal) => Promise<Result>): Promise<Result> {
    const before = this.#turns.get(guiId) ?? Promise.resolve();
    const turn = before.then(() => this.#runIn(guiId, run));
    const settled = turn.catch(() => undefined);
    this.#turns.set(guiId, settled);
    void settled.then(() => {
      if (this.#turns.get(guiId) === settled) this.#turns.delete(guiId);
    });
    return turn;
  }

  /** WezTerm's panes; those of ours that are gone from it were closed by the person. Only within a turn. */
  async list(guiId: number, terminal: Terminal): Promise<readonly TerminalPane[]> {
    const listed = await terminal.panes();
    this.#note(withListed(this.#book, guiId, new Set(listed.map(({ paneId }) => paneId))));
    return listed;
  }

  /** Takes over a changed book, in which no pane came or went. */
  retitle(book: PaneBook): void {
    this.#set(book);
  }

  /** Settles when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#turns.size > 0) await Promise.all(this.#turns.values());
    await this.#parts.file.save(this.#book);
  }

  async #spawn(terminal: Terminal, panes: readonly TerminalPane[], { target, cursor, ...wish }: OpenRequest): Promise<OpenedPane> {
    const { paneCommand, folder, titleOf, log, domainPane } = this.#parts;
    const inDomain = await domainPane(target, cursor);
    const { place, showAgain } = placementOf({ panes, clients: await terminal.clients() }, wish);
    const { paneId, notice } = await spawnSomewhere(terminal, place, inDomain, {
      command: [...paneCommand, target, String(wish.guiId)],
      cwd: folder,
    });
    // First of all: the person may be typing.
    if (showAgain !== undefined)
      await terminal.activate(showAgain).catch((thrown: unknown) => log("the view was not given back", reason(thrown)));
    const title = titleOf(target) ?? target;
    this.#note(withOpened(this.#book, wish.guiId, { paneId, target, title }));
    await terminal.setTabTitle(paneId, title).catch((thrown: unknown) => log("a pane has no title", reason(thrown)));
    return { paneId, notice };
  }

  async #runIn<Result>(guiId: number, run: (terminal: Terminal) => Promise<Result>): Promise<Result> {
    const gui = this.#known(guiId);
    try {
      return await run(this.#terminalOf(gui));
    } catch (thrown) {
      if (thrown instanceof OctoError && thrown.code === "GUI_GONE") this.#note(withoutGui(this.#book, guiId));
      throw thrown;
    }
  }

  /** One connection an address, since its queue keeps the order of calls. */
  #terminalOf({ socketPath, command }: Gui): Terminal {
    const name = `${command}\n${socketPath}`;
    const known = this.#terminals.get(name) ?? this.#parts.terminals.connect({ socketPath, command });
    this.#terminals.set(name, known);
    return known;
  }

  #known(guiId: number): Gui {
    const gui = guiOf(this.#book, guiId);
    if (!gui) throw new OctoError("GUI_UNKNOWN", `no GUI ${guiId} has registered with this bridge`);
    return gui;
  }

  async #forgetDead(): Promise<void> {
    for (const { guiId, process } of this.#book.guis) {
      const alive = process === undefined || (await this.#parts.processes.isAlive(process).catch(() => true));
      if (!alive) this.#note(withoutGui(this.#book, guiId));
    }
  }

  /** Panes may have come or gone. */
  #note(book: PaneBook): void {
    const before = this.#book;
    this.#set(book);
    if (book.guis.some((gui) => gui.panes !== guiOf(before, gui.guiId)?.panes)) this.#parts.changed();
  }

  #set(book: PaneBook): void {
    if (JSON.stringify(book) === JSON.stringify(this.#book)) return;
    this.#book = book;
    void this.#parts.file.save(book);
  }
}

function reason(thrown: unknown): Record<string, unknown> {
  return { reason: thrown instanceof Error ? thrown.message : String(thrown) };
}
