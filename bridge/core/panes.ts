import type { InstanceId, TaskId } from "../../shared/ids";
import type { ProcessIdentity } from "./instance";

export type PaneTarget = InstanceId | TaskId;

/** A pane that the bridge opened and that was there when somebody looked last. */
export interface OpenPane {
  readonly paneId: number;
  readonly target: PaneTarget;
  /** The tab's name that the bridge gave last; undefined once the person gave it another: theirs stays. */
  readonly title?: string | undefined;
}

/** One GUI of WezTerm. Its pane ids mean nothing in another one. */
export interface Gui {
  readonly guiId: number;
  readonly socketPath: string;
  readonly command: string;
  /** Of its plugin; absent in books of an older octo. */
  readonly version?: string | undefined;
  /** Absent where its process cannot be seen from here. */
  readonly process?: ProcessIdentity | undefined;
  /** Oldest first. */
  readonly panes: readonly OpenPane[];
  /** What its person closed: not opened again by itself. */
  readonly closed: readonly PaneTarget[];
}

/** Every GUI that may live, and what was shown in those that ended. */
export interface PaneBook {
  readonly guis: readonly Gui[];
  /** Panes that went down with their GUI, oldest first. */
  readonly lost: readonly PaneTarget[];
}

export const emptyPaneBook: PaneBook = { guis: [], lost: [] };

export const paneLimits = { panesMax: 64, guisMax: 32, closedMax: 256, lostMax: 64 } as const;

export function guiOf(book: PaneBook, guiId: number): Gui | undefined {
  return book.guis.find((gui) => gui.guiId === guiId);
}

/** A GUI that says hello: known, it keeps its panes; another one of the same process id has ended, and so may the oldest of too many. */
export function withRegistered(book: PaneBook, hello: Pick<Gui, "guiId" | "socketPath" | "command" | "version" | "process">): PaneBook {
  const known = guiOf(book, hello.guiId);
  const same = known !== undefined && isSame(known.process, hello.process);
  const rest = known && !same ? withoutGui(book, hello.guiId) : book;
  const gui: Gui = { panes: same ? known.panes : [], closed: same ? known.closed : [], ...hello };
  const others = rest.guis.filter(({ guiId }) => guiId !== hello.guiId);
  const [oldest] = others;
  const kept =
    oldest && others.length >= paneLimits.guisMax ? withoutGui({ ...rest, guis: others }, oldest.guiId) : { ...rest, guis: others };
  return { ...kept, guis: [...kept.guis, gui] };
}

/** The GUI ended: what it showed is lost, and may be opened again in another one. */
export function withoutGui(book: PaneBook, guiId: number): PaneBook {
  const targets = guiOf(book, guiId)?.panes.map(({ target }) => target) ?? [];
  return {
    guis: book.guis.filter((gui) => gui.guiId !== guiId),
    lost: newest([...without(book.lost, targets), ...targets], paneLimits.lostMax),
  };
}

/** What WezTerm lists as open; what is gone from it was closed by the person, since the GUI lives. */
export function withListed(book: PaneBook, guiId: number, openIds: ReadonlySet<number>): PaneBook {
  return change(book, guiId, (gui) => {
    const gone = gui.panes.filter(({ paneId }) => !openIds.has(paneId)).map(({ target }) => target);
    if (gone.length === 0) return gui;
    const panes = gui.panes.filter(({ paneId }) => openIds.has(paneId));
    return { ...gui, panes, closed: newest([...without(gui.closed, gone), ...gone], paneLimits.closedMax) };
  });
}

/** Opened: it is neither closed nor lost any more. */
export function withOpened(book: PaneBook, guiId: number, pane: OpenPane): PaneBook {
  const opened = change(book, guiId, (gui) => ({
    ...gui,
    panes: [...gui.panes.filter(({ paneId }) => paneId !== pane.paneId), pane],
    closed: without(gui.closed, [pane.target]),
  }));
  return { ...opened, lost: without(opened.lost, [pane.target]) };
}

export function withTitle(book: PaneBook, guiId: number, paneId: number, title: string | undefined): PaneBook {
  return change(book, guiId, (gui) => ({ ...gui, panes: gui.panes.map((pane) => (pane.paneId === paneId ? { ...pane, title } : pane)) }));
}

/** These are not worth opening again: nobody knows them any more. */
export function withoutLost(book: PaneBook, targets: readonly PaneTarget[]): PaneBook {
  return { ...book, lost: without(book.lost, targets) };
}

/** What to do about a tab's name. `theirs`: the person gave it another one since, and keeps it. */
export function titleStep(pane: OpenPane, listedTitle: string, wanted: string): "set" | "same" | "theirs" {
  if (pane.title === undefined || (listedTitle !== pane.title && listedTitle !== "")) return "theirs";
  return listedTitle === wanted ? "same" : "set";
}

function change(book: PaneBook, guiId: number, apply: (gui: Gui) => Gui): PaneBook {
  return { ...book, guis: book.guis.map((gui) => (gui.guiId === guiId ? apply(gui) : gui)) };
}

function isSame(a: ProcessIdentity | undefined, b: ProcessIdentity | undefined): boolean {
  if (!a || !b) return a === b;
  return a.pid === b.pid && a.startTime === b.startTime && a.bootId === b.bootId;
}

function without<Item>(items: readonly Item[], unwanted: readonly Item[]): readonly Item[] {
  return items.filter((item) => !unwanted.includes(item));
}

function newest<Item>(items: readonly Item[], itemsMax: number): readonly Item[] {
  return items.slice(-itemsMax);
}
