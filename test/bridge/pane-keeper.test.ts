import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTerminals } from "../../bridge/adapters/wezterm/terminals";
import type { PaneTarget } from "../../bridge/core/panes";
import { newInstanceId } from "../../bridge/ids";
import { paneBookFile } from "../../bridge/runtime/panes/pane-book-file";
import { type OpenRequest, PaneKeeper } from "../../bridge/runtime/panes/pane-keeper";
import { keepTitles, type PaneTitles } from "../../bridge/runtime/panes/pane-titles";
import { systemClock } from "../../bridge/runtime/system-clock";
import { type FakeGui, fakeGui } from "../fakes/wezterm-cli/gui";
import { eventually } from "../helpers/eventually";
import { type TempFolder, tempFolder } from "../helpers/temp-folder";

const instance = (byte: number) => newInstanceId((count) => new Uint8Array(count).fill(byte));
const [one, two] = [instance(1), instance(2)];
const open = { focus: false, auto: false } as const;

let folder: TempFolder;
let gui: FakeGui;
let titleOf: Map<PaneTarget, string>;
let living: Set<number>;
let changes: number;
let logged: string[];
let keeper: PaneKeeper;
let titles: PaneTitles;

function newKeeper(): PaneKeeper {
  const log = (message: string): void => void logged.push(message);
  const made = new PaneKeeper({
    terminals: createTerminals({ environment: { PATH: process.env.PATH, HOME: folder.path } }),
    processes: {
      identify: async (pid) => ({ pid, startTime: "1", bootId: "boot" }),
      isAlive: async ({ pid }) => living.has(pid),
    },
    file: paneBookFile(join(folder.path, "panes.json"), log),
    paneCommand: ["/bin/sh", "/opt/octo-pane.sh", "/run/bridge.sock"],
    folder: folder.path,
    titleOf: (target) => titleOf.get(target),
    domainPane: async () => undefined,
    changed: () => {
      changes += 1;
    },
    log,
  });
  titles = keepTitles({ keeper: made, clock: systemClock, titleOf: (target) => titleOf.get(target), log });
  return made;
}

const openPane = async (request: OpenRequest) => (await keeper.open(request))?.paneId;
const register = (which: FakeGui) => keeper.register({ guiId: which.pid, socketPath: which.socket, command: which.command });
const tabTitle = (paneId: number | undefined, which = gui) => which.state().panes.find(({ pane_id }) => pane_id === paneId)?.tab_title;
const paneIds = (which = gui) => which.state().panes.map(({ pane_id }) => pane_id);

beforeEach(async () => {
  folder = await tempFolder();
  gui = fakeGui(folder.path);
  titleOf = new Map([
    [one, "⬢ oc1"],
    [two, "⬢ oc2"],
  ]);
  living = new Set([gui.pid, 4_712]);
  changes = 0;
  logged = [];
  keeper = newKeeper();
  await register(gui);
});

afterEach(async () => {
  titles.stop();
  await keeper.idle();
  await folder[Symbol.asyncDispose]();
});

test("opens one pane an instance, named, and gives the view back to whoever types", async () => {
  const paneId = await openPane({ ...open, guiId: gui.pid, target: one });
  expect(gui.state()).toMatchObject({ focusedPaneId: 0, shown: { "0": 0 } });
  expect(gui.state().panes.at(-1)).toMatchObject({
    pane_id: paneId,
    tab_title: "⬢ oc1",
    cwd: folder.path,
    command: ["/bin/sh", "/opt/octo-pane.sh", "/run/bridge.sock", one, String(gui.pid)],
  });
  const calls = gui.calls().map(([command]) => command);
  expect(calls.indexOf("activate-pane")).toBe(calls.indexOf("spawn") + 1);
  expect(changes).toBe(1);
});

test("asked twice, even at once, opens it once; asked to see it, shows it", async () => {
  const wish = { ...open, guiId: gui.pid, target: one };
  const [first, second] = await Promise.all([openPane(wish), openPane(wish)]);
  expect(second).toBe(first);
  expect(paneIds()).toHaveLength(2);
  expect(await openPane({ ...wish, focus: true })).toBe(first);
  expect(gui.state().shown["0"]).toBe(first);
  expect(gui.overlapped()).toBe(false);
});

test("opens panes only in the GUI that asked", async () => {
  const other = fakeGui(folder.path, 4_712);
  await register(other);
  await openPane({ ...open, guiId: other.pid, target: one });
  expect(paneIds(gui)).toEqual([0]);
  expect(paneIds(other)).toHaveLength(2);
  await openPane({ ...open, guiId: gui.pid, target: one });
  expect(paneIds(gui)).toHaveLength(2);
  await expect(openPane({ ...open, guiId: 1, target: one })).rejects.toMatchObject({ code: "GUI_UNKNOWN" });
});

test("leaves what the person closed closed, until the person opens it", async () => {
  const paneId = await openPane({ ...open, guiId: gui.pid, target: one });
  gui.closePane(paneId ?? -1);
  const wish = { ...open, guiId: gui.pid, target: one };
  expect(await openPane({ ...wish, auto: true })).toBeUndefined();
  expect(await keeper.openLost({ guiId: gui.pid })).toEqual([]);
  expect(paneIds()).toEqual([0]);
  expect(await openPane(wish)).toBeDefined();
  expect(await openPane({ ...wish, auto: true })).toBeDefined();
});

test("opens what went down with a GUI again in another one, but nothing of a living one's", async () => {
  await openPane({ ...open, guiId: gui.pid, target: one });
  await openPane({ ...open, guiId: gui.pid, target: two });
  const next = fakeGui(folder.path, 4_712);
  await register(next);
  expect(await keeper.openLost({ guiId: next.pid })).toEqual([]);
  gui.end();
  living.delete(gui.pid);
  titleOf.delete(two);
  const opened = await keeper.openLost({ guiId: next.pid });
  expect(opened.map(({ target }) => target)).toEqual([one]);
  expect(await keeper.openLost({ guiId: next.pid })).toEqual([]);
  expect(next.state().focusedPaneId).toBe(0);
});

test("takes a GUI whose socket is gone for ended", async () => {
  await openPane({ ...open, guiId: gui.pid, target: one });
  gui.end();
  await expect(keeper.panes(gui.pid)).rejects.toMatchObject({ code: "GUI_GONE" });
  expect(keeper.places(gui.pid, String)).toBeUndefined();
  expect(keeper.book.lost).toEqual([one]);
});

test("closes what it opened and nothing else", async () => {
  const paneId = (await openPane({ ...open, guiId: gui.pid, target: one })) ?? -1;
  await expect(keeper.close(gui.pid, 0)).rejects.toMatchObject({ code: "PANE_UNKNOWN" });
  expect(await keeper.close(gui.pid, paneId)).toBe(true);
  expect(paneIds()).toEqual([0]);
  await expect(keeper.close(gui.pid, paneId)).rejects.toMatchObject({ code: "PANE_UNKNOWN" });
  expect(keeper.places(gui.pid, String)).toEqual([]);
});

test("knows its panes again after a restart, and what became of them meanwhile", async () => {
  const kept = await openPane({ ...open, guiId: gui.pid, target: one });
  const closed = await openPane({ ...open, guiId: gui.pid, target: two });
  await keeper.idle();
  titles.stop();
  keeper = newKeeper();
  gui.closePane(closed ?? -1);
  expect(keeper.places(gui.pid, String)).toEqual([
    { paneId: kept, instanceId: one },
    { paneId: closed, instanceId: two },
  ]);
  expect((await keeper.panes(gui.pid)).map(({ paneId }) => paneId)).toEqual([kept]);
});

test.each(["", "{}", "[1,2", '{"guis":[{"guiId":"x"}],"lost":[]}'])("begins anew where the list of panes reads %j", async (text) => {
  await keeper.idle();
  await writeFile(join(folder.path, "panes.json"), text);
  titles.stop();
  keeper = newKeeper();
  expect(keeper.book).toEqual({ guis: [], lost: [] });
  expect(logged.join()).toMatch(/begins anew/);
});

test("keeps the list of panes to the person alone", async () => {
  await keeper.idle();
  expect(JSON.parse(await readFile(join(folder.path, "panes.json"), "utf8")).guis).toHaveLength(1);
});

test("keeps titles true, in one go for many changes, without asking WezTerm when nothing changed", async () => {
  const first = await openPane({ ...open, guiId: gui.pid, target: one });
  const second = await openPane({ ...open, guiId: gui.pid, target: two });
  const callsBefore = gui.calls().length;
  titles.note();
  for (const [index, target] of [one, two, one, one, two].entries()) {
    titleOf.set(target, `⬢ change ${index}`);
    titles.note();
  }
  await eventually(() => expect([tabTitle(first), tabTitle(second)]).toEqual(["⬢ change 3", "⬢ change 4"]), { timeoutMs: 5_000 });
  expect(
    gui
      .calls()
      .slice(callsBefore)
      .map(([command]) => command),
  ).toEqual(["list", "set-tab-title", "set-tab-title"]);
  expect(gui.overlapped()).toBe(false);
});

test("never overwrites a title that the person gave", async () => {
  const paneId = await openPane({ ...open, guiId: gui.pid, target: one });
  const second = await openPane({ ...open, guiId: gui.pid, target: two });
  gui.change((state) => {
    for (const pane of state.panes) if (pane.pane_id === paneId) pane.tab_title = "mine";
  });
  titleOf.set(one, "⬢ oc1 ▶1");
  titleOf.set(two, "⬢ oc2 ▶1");
  titles.note();
  await eventually(() => expect(tabTitle(second)).toBe("⬢ oc2 ▶1"), { timeoutMs: 5_000 });
  expect(tabTitle(paneId)).toBe("mine");
  titleOf.set(one, "⬢ oc1 ▶2");
  titleOf.set(two, "⬢ oc2 ▶2");
  titles.note();
  await eventually(() => expect(tabTitle(second)).toBe("⬢ oc2 ▶2"), { timeoutMs: 5_000 });
  expect(tabTitle(paneId)).toBe("mine");
});

test("opens at most 64 panes in a GUI", async () => {
  gui.change((state) => {
    for (let paneId = 1_000; paneId < 1_064; paneId += 1) {
      state.panes.push({ pane_id: paneId, tab_id: paneId, window_id: 0, title: "", tab_title: "", cwd: "/", command: [] });
    }
  });
  const panes = Array.from({ length: 64 }, (_, index) => ({ paneId: 1_000 + index, target: two, title: "x" }));
  const { guis, lost } = keeper.book;
  keeper.retitle({ guis: guis.map((each) => ({ ...each, panes })), lost });
  await expect(openPane({ ...open, guiId: gui.pid, target: one })).rejects.toMatchObject({ code: "PANE_LIMIT" });
});

test("knows which version of the plugin each living GUI has, also the next bridge", async () => {
  await keeper.register({ guiId: 4_712, socketPath: gui.socket, command: gui.command, version: "1.2.3" });
  await keeper.idle();
  const next = newKeeper();
  const versions = async () => (await next.guis()).map(({ guiId, version }) => ({ guiId, version }));
  expect(await versions()).toEqual([{ guiId: gui.pid }, { guiId: 4_712, version: "1.2.3" }]);
  living.delete(4_712);
  expect(await versions()).toEqual([{ guiId: gui.pid }]);
});
