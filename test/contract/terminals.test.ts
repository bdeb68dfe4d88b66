import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createCallQueue } from "../../bridge/adapters/wezterm/call-queue";
import { createTerminals } from "../../bridge/adapters/wezterm/terminals";
import type { Terminal } from "../../bridge/ports/terminals";
import { type FakeGui, fakeGui } from "../fakes/wezterm-cli/gui";
import { type TempFolder, tempFolder } from "../helpers/temp-folder";

let folder: TempFolder;
let gui: FakeGui;
let terminal: Terminal;

const environment = { PATH: process.env.PATH, HOME: "/home/ann", SECRET_API_KEY: "hush", LC_ALL: "C.UTF-8" };
const inWindow = { command: ["sh", "-c", "true"], place: { windowId: 0 }, domain: "local" } as const;

beforeEach(async () => {
  folder = await tempFolder();
  gui = fakeGui(folder.path);
  terminal = createTerminals({ environment }).connect({ socketPath: gui.socket, command: gui.command });
});
afterEach(() => folder[Symbol.asyncDispose]());

const coded = (code: string) => expect.objectContaining({ code });

test("lists panes with their windows, tabs and titles", async () => {
  expect(await terminal.panes()).toEqual([{ paneId: 0, tabId: 0, windowId: 0, workspace: "default", tabTitle: "" }]);
});

test("tells which pane of a GUI has the keyboard, and that none has", async () => {
  expect(await terminal.clients()).toEqual([{ processId: 4_711, workspace: "default", focusedPaneId: 0 }]);
  gui.change((state) => {
    state.focusedPaneId = null;
  });
  expect((await terminal.clients())[0]?.focusedPaneId).toBeUndefined();
});

test("opens a tab in a window, names it, shows another pane and closes it", async () => {
  const paneId = await terminal.spawn({ ...inWindow, cwd: folder.path });
  expect(gui.state().shown["0"]).toBe(paneId);
  await terminal.activate(0);
  expect(gui.state().shown["0"]).toBe(0);
  await terminal.setTabTitle(paneId, "-oc1 »waits«");
  expect((await terminal.panes()).find((pane) => pane.paneId === paneId)?.tabTitle).toBe("-oc1 »waits«");
  await terminal.kill(paneId);
  expect((await terminal.panes()).map((pane) => pane.paneId)).toEqual([0]);
});

test("opens a window in a workspace of its own", async () => {
  const paneId = await terminal.spawn({ ...inWindow, cwd: folder.path, place: { newWindowIn: "octo" } });
  const pane = (await terminal.panes()).find((each) => each.paneId === paneId);
  expect(pane?.workspace).toBe("octo");
  expect(pane?.windowId).not.toBe(0);
});

test("gives arguments on as they are", async () => {
  const command = ["sh", "-c", 'echo "$1"', "", "a b", "--flag", "$(id)", "ü\n"] as const;
  const paneId = await terminal.spawn({ ...inWindow, command, cwd: folder.path });
  expect(gui.state().panes.find(({ pane_id }) => pane_id === paneId)?.command).toEqual(command);
});

test("hands nothing secret of the bridge's environment to the panes", async () => {
  await terminal.spawn({ ...inWindow, cwd: folder.path });
  const [call] = gui.state().calls;
  const names = Object.keys(call?.environment ?? {});
  expect(names).toEqual(expect.arrayContaining(["HOME", "PATH", "LC_ALL", "WEZTERM_UNIX_SOCKET"]));
  expect(names).not.toContain("SECRET_API_KEY");
});

test("never lets wezterm start a server of its own, and never asks for a place by pane", async () => {
  await terminal.spawn({ ...inWindow, cwd: folder.path });
  await terminal.panes();
  for (const argv of gui.calls()) expect(argv.slice(0, 2)).not.toEqual(["spawn", "--pane-id"]);
});

test("says what is not there by a code", async () => {
  await expect(terminal.kill(99)).rejects.toEqual(coded("PANE_UNKNOWN"));
  await expect(terminal.setTabTitle(99, "x")).rejects.toEqual(coded("PANE_UNKNOWN"));
  await expect(terminal.activate(99)).rejects.toEqual(coded("PANE_UNKNOWN"));
  await expect(terminal.spawn({ ...inWindow, cwd: folder.path, place: { windowId: 9 } })).rejects.toEqual(coded("WINDOW_UNKNOWN"));
  await expect(terminal.spawn({ ...inWindow, cwd: folder.path, domain: "e2" })).rejects.toEqual(coded("DOMAIN_UNKNOWN"));
});

test("says that the GUI is gone", async () => {
  gui.end();
  await expect(terminal.panes()).rejects.toEqual(coded("GUI_GONE"));
});

test("says that there is no such program", async () => {
  const missing = createTerminals({ environment }).connect({ socketPath: gui.socket, command: join(folder.path, "wezterm") });
  await expect(missing.panes()).rejects.toEqual(coded("WEZTERM_MISSING"));
});

test("gives up on a GUI that does not answer, and goes on with the next call", async () => {
  const hasty = createTerminals({ environment, timeoutMs: 1_500 }).connect({ socketPath: gui.socket, command: gui.command });
  gui.change((state) => {
    state.faults.push({ command: "list", once: true, hangs: true });
  });
  await expect(hasty.panes()).rejects.toEqual(coded("WEZTERM_TIMEOUT"));
  expect(await hasty.panes()).toHaveLength(1);
});

test.each(["", "[{]", "{}", '[{"pane_id":"x"}]'])("refuses a list that reads %s", async (stdout) => {
  gui.change((state) => {
    state.faults.push({ command: "list", answer: { code: 0, stdout } });
  });
  await expect(terminal.panes()).rejects.toEqual(coded("WEZTERM_ANSWER_INVALID"));
});

test("takes no other text than a pane id from spawn", async () => {
  gui.change((state) => {
    state.faults.push({ command: "spawn", answer: { code: 0, stdout: "12 panes\n" } });
  });
  await expect(terminal.spawn({ ...inWindow, cwd: folder.path })).rejects.toEqual(coded("WEZTERM_ANSWER_INVALID"));
});

test("shows an unknown failure with WezTerm's words, made inert", async () => {
  gui.change((state) => {
    state.faults.push({ command: "list", answer: { code: 1, stderr: "\u001b[31mthe mux burns\u001b[0m" } });
  });
  await expect(terminal.panes()).rejects.toMatchObject({ code: "WEZTERM_FAILED", message: expect.stringContaining("the mux burns") });
  await expect(terminal.panes()).rejects.toMatchObject({ message: expect.not.stringContaining("\u001b") });
});

test("runs one call at a time, in order", async () => {
  const titles = ["a", "b", "c", "d"];
  await Promise.all(titles.map((title) => terminal.setTabTitle(0, title)));
  expect(gui.calls().map((argv) => argv.at(-1))).toEqual(titles);
  expect(gui.overlapped()).toBe(false);
});

test("begins no call before the one before it has ended, whatever became of that", async () => {
  const inTurn = createCallQueue(8);
  let active = 0;
  const most: number[] = [];
  const call = async (fails: boolean): Promise<void> => {
    active += 1;
    most.push(active);
    await new Promise((resolve) => setImmediate(resolve));
    active -= 1;
    if (fails) throw new Error("it fails");
  };
  await Promise.allSettled([false, true, false, true, false].map((fails) => inTurn(() => call(fails))));
  expect(most).toEqual([1, 1, 1, 1, 1]);
});

test("refuses more calls than may wait, and takes them again later", async () => {
  const inTurn = createCallQueue(2);
  let fail = (_: Error): void => undefined;
  const first = inTurn(
    () =>
      new Promise<string>((_, reject) => {
        fail = reject;
      }),
  );
  const second = inTurn(async () => "second");
  await expect(inTurn(async () => "third")).rejects.toEqual(coded("WEZTERM_TIMEOUT"));
  await Promise.resolve();
  fail(new Error("the first one fails"));
  await expect(first).rejects.toThrow("the first one fails");
  expect(await second).toBe("second");
  expect(await inTurn(async () => "later")).toBe("later");
});
