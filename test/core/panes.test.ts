import { describe, expect, test } from "vitest";
import { placementOf } from "../../bridge/core/pane-place";
import { instanceTitle, taskTitle } from "../../bridge/core/pane-title";
import {
  emptyPaneBook,
  guiOf,
  type PaneBook,
  paneLimits,
  titleStep,
  withListed,
  withOpened,
  withoutGui,
  withRegistered,
  withTitle,
} from "../../bridge/core/panes";
import { newInstanceId } from "../../bridge/ids";

const instance = (byte: number) => newInstanceId((count) => new Uint8Array(count).fill(byte));
const [one, two, three] = [instance(1), instance(2), instance(3)];
const process = (startTime: string) => ({ pid: 7, startTime, bootId: "boot" });
const hello = { guiId: 7, socketPath: "/run/gui-sock-7", command: "/usr/bin/wezterm", process: process("100") };
const withPanes = (book: PaneBook = withRegistered(emptyPaneBook, hello)): PaneBook =>
  withOpened(withOpened(book, 7, { paneId: 1, target: one, title: "one" }), 7, { paneId: 2, target: two, title: "two" });
const targetsOf = (book: PaneBook, guiId = 7) => guiOf(book, guiId)?.panes.map(({ target }) => target);

describe("the book of panes", () => {
  test("keeps the panes of a GUI that says hello again", () => {
    expect(targetsOf(withRegistered(withPanes(), { ...hello, socketPath: "/elsewhere" }))).toEqual([one, two]);
  });

  test("takes a GUI with the process id of an earlier one for another one", () => {
    const book = withRegistered(withPanes(), { ...hello, process: process("200") });
    expect(targetsOf(book)).toEqual([]);
    expect(book.lost).toEqual([one, two]);
  });

  test("takes a pane that a living GUI does not list for closed by the person", () => {
    const book = withListed(withPanes(), 7, new Set([0, 2]));
    expect(targetsOf(book)).toEqual([two]);
    expect(guiOf(book, 7)?.closed).toEqual([one]);
    expect(withoutGui(book, 7).lost).toEqual([two]);
  });

  test("forgets that a pane was closed or lost once it is open again", () => {
    const closed = withListed(withPanes(), 7, new Set([2]));
    expect(guiOf(withOpened(closed, 7, { paneId: 9, target: one }), 7)?.closed).toEqual([]);
    const lost = withRegistered(withoutGui(withPanes(), 7), { ...hello, guiId: 8 });
    expect(withOpened(lost, 8, { paneId: 1, target: one }).lost).toEqual([two]);
  });

  test("knows a limited number of GUIs; what the oldest showed is lost", () => {
    let book = withPanes();
    for (let guiId = 100; guiId < 100 + paneLimits.guisMax; guiId += 1) book = withRegistered(book, { ...hello, guiId });
    expect(book.guis).toHaveLength(paneLimits.guisMax);
    expect(guiOf(book, 7)).toBeUndefined();
    expect(book.lost).toEqual([one, two]);
  });

  test("counts what was lost twice once, as the newest", () => {
    const again = withOpened(withRegistered(withoutGui(withPanes(), 7), { ...hello, guiId: 8 }), 8, { paneId: 1, target: three });
    const twice = withoutGui(withOpened(again, 8, { paneId: 2, target: one }), 8);
    expect(twice.lost).toEqual([two, three, one]);
  });
});

describe("titles", () => {
  const pane = { paneId: 1, target: one, title: "⬢ oc1" };

  test("are set when they are stale, or when WezTerm has none", () => {
    expect(titleStep(pane, "⬢ oc1", "⬢ oc1 ▶1")).toBe("set");
    expect(titleStep(pane, "", "⬢ oc1")).toBe("set");
    expect(titleStep(pane, "⬢ oc1", "⬢ oc1")).toBe("same");
  });

  test("that a person gave stay for ever", () => {
    expect(titleStep(pane, "my tab", "⬢ oc1 ▶1")).toBe("theirs");
    const theirs = guiOf(withTitle(withPanes(), 7, 1, undefined), 7)?.panes[0];
    expect(theirs && titleStep(theirs, "⬢ oc1", "x")).toBe("theirs");
  });

  test("say what an instance or task does, in few letters", () => {
    expect(instanceTitle({ name: "oc1", state: "ready", running: 2, waiting: 1 })).toBe("⬢ oc1 ▶2 ⚠1");
    expect(instanceTitle({ name: "oc1", state: "backoff", running: 0, waiting: 0 })).toBe("✖ oc1");
    expect(taskTitle({ title: `make\nit ${"very ".repeat(20)}good`, state: "waiting" })).toBe("⚠ make it very very very very ver…");
    expect(taskTitle({ title: "𝔸".repeat(40), state: "queued" })).toBe(`⏳ ${"𝔸".repeat(31)}…`);
  });
});

describe("the place of a new pane", () => {
  const panes = [
    { paneId: 0, windowId: 0, workspace: "default" },
    { paneId: 1, windowId: 0, workspace: "default" },
    { paneId: 5, windowId: 4, workspace: "other" },
  ];
  const clients = [
    { processId: 99, workspace: "other", focusedPaneId: 5 },
    { processId: 7, workspace: "default", focusedPaneId: 1 },
  ];
  const wish = { guiId: 7, focus: false };

  test("is the window asked for, and the view goes back to what the person sees there", () => {
    expect(placementOf({ panes, clients }, { ...wish, windowId: 0, shownPaneId: 0 })).toEqual({ place: { windowId: 0 }, showAgain: 1 });
    expect(placementOf({ panes, clients: [] }, { ...wish, windowId: 0, shownPaneId: 0 })).toEqual({ place: { windowId: 0 }, showAgain: 0 });
    expect(placementOf({ panes, clients }, { ...wish, windowId: 4 })).toEqual({ place: { windowId: 4 }, showAgain: undefined });
  });

  test("is else the window with the keyboard of this GUI, never of another one", () => {
    expect(placementOf({ panes, clients }, wish)).toEqual({ place: { windowId: 0 }, showAgain: 1 });
  });

  test("is else a window of the workspace in sight, else one that nobody sees", () => {
    const away = [{ processId: 7, workspace: "other" }];
    expect(placementOf({ panes, clients: away }, wish).place).toEqual({ windowId: 4 });
    expect(placementOf({ panes: [], clients: away }, wish).place).toEqual({ newWindowIn: "octo" });
    expect(placementOf({ panes: [], clients: away }, { ...wish, focus: true }).place).toEqual({ newWindowIn: "other" });
  });

  test("keeps the view only when the person asked to see the pane", () => {
    expect(placementOf({ panes, clients }, { ...wish, focus: true }).showAgain).toBeUndefined();
  });
});
