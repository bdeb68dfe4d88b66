import { readdir, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { octoFolders } from "../../bridge/folders";
import type { InstanceId } from "../../shared/ids";
import { routes } from "../../shared/protocol";
import { send } from "../api/socket-client";
import { type FakeGui, fakeGui } from "../fakes/wezterm-cli/gui";
import { eventually } from "../helpers/eventually";
import { type OctoWorld, octoWorld } from "../helpers/octo-world";
import { hasTmux, tmuxTerminal } from "../helpers/tmux";
import { ended, newMark, submit } from "./tasks";

// The plugin's side of the socket, with a GUI that exists as a file only.

let world: OctoWorld;
let gui: FakeGui;
let instanceId: InstanceId;

beforeEach(async () => {
  world = await octoWorld();
  // Its process is this one: it lives as long as the test.
  gui = fakeGui(world.folder, process.pid);
  const { instances } = await world.client.call("spawn_opencode_server", {});
  instanceId = instances[0]?.id ?? expect.fail("no instance");
});
afterEach(() => world[Symbol.asyncDispose]());

const register = (which = gui) =>
  world.client.call("register_gui", { guiId: which.pid, weztermSocket: which.socket, weztermCommand: which.command, version: "0.1.0" });
const openPane = async (more = {}) => (await world.client.call("open_pane", { target: instanceId, guiId: gui.pid, ...more })).paneId ?? -1;
const poll = async (since = 0, waitMs = 0) => {
  const path = `${routes.poll}?since=${since}&waitMs=${waitMs}&gui=${gui.pid}`;
  return (await send(octoFolders(world.environment).socketFile, path)).body as { revision: number; panes?: unknown };
};

/** As the plugin does it: one long poll after another. */
async function pollUntilPanes(): Promise<unknown> {
  let answer = await poll();
  while (JSON.stringify(answer.panes) === "[]") answer = await poll(answer.revision, 30_000);
  return answer.panes;
}

test("a GUI registers, opens an instance's pane, and finds it in its poll at once", async () => {
  expect((await poll()).panes).toBeUndefined();
  await expect(openPane()).rejects.toMatchObject({ code: "GUI_UNKNOWN" });
  const settings = await register();
  expect(settings).toMatchObject({ view: "thin", bridge: { pid: world.bridge().pid } });
  expect((await poll()).panes).toEqual([]);
  const changed = pollUntilPanes();
  const paneId = await openPane();
  expect(await changed).toEqual([{ paneId, instanceId }]);
  const pane = gui.state().panes.find(({ pane_id }) => pane_id === paneId);
  expect(pane?.command).toEqual([...settings.paneCommand, instanceId, String(gui.pid)]);
  expect(gui.state().focusedPaneId).toBe(0);
});

test("a tab's name follows what its instance does", async () => {
  await register();
  const paneId = await openPane();
  const title = () => gui.state().panes.find(({ pane_id }) => pane_id === paneId)?.tab_title;
  await eventually(() => expect(title()).toBe("⬢ oc1"), { timeoutMs: 20_000 });
  const task = await submit(world, `[[task:${newMark()}]] [[ask:echo asked]]`);
  await eventually(() => expect(title()).toBe("⬢ oc1 ⚠1"), { timeoutMs: 20_000 });
  const { asks } = await world.client.call("list_asks", {});
  await world.client.call("answer_ask", { askId: asks[0]?.id ?? expect.fail("no ask"), answer: { kind: "allow", scope: "once" } });
  await ended(world, task);
  await eventually(() => expect(title()).toBe("⬢ oc1"), { timeoutMs: 20_000 });
});

test("panes are known again by the next bridge, which the plugin need not wait for", async () => {
  await register();
  const paneId = await openPane();
  await eventually(async () => expect(await stat(octoFolders(world.environment).panesFile)).toBeDefined());
  await world.bridge().kill();
  await world.startBridge();
  expect((await poll()).panes).toEqual([{ paneId, instanceId }]);
  expect(await openPane()).toBe(paneId);
});

test("panes that went down with their GUI come back in the next one, when they are asked for", async () => {
  const first = fakeGui(world.folder, 1_999_999);
  await register(first);
  await world.client.call("open_pane", { target: instanceId, guiId: first.pid });
  first.end();
  await register();
  expect((await poll()).panes).toEqual([]);
  await expect(world.client.call("pane_views", { guiId: first.pid })).rejects.toMatchObject({ code: "GUI_GONE" });
  const { panes } = await world.client.call("open_panes", { guiId: gui.pid });
  expect(panes).toMatchObject([{ target: instanceId, instanceId }]);
});

test("a pane that is closed is gone from the poll", async () => {
  await register();
  const paneId = await openPane();
  expect(await world.client.call("close_pane", { guiId: gui.pid, paneId })).toEqual({ closed: true });
  expect((await poll()).panes).toEqual([]);
  expect((await world.client.call("pane_views", { guiId: gui.pid })).panes).toEqual([]);
});

test("what is not there is said by a code", async () => {
  await register();
  const gone = instanceId.replace(/.$/, "_");
  await expect(openPane({ target: gone })).rejects.toMatchObject({ code: "INSTANCE_UNKNOWN" });
  await expect(openPane({ target: "tsk_nobody" })).rejects.toMatchObject({ code: "TASK_UNKNOWN" });
  await expect(openPane({ target: "nonsense" })).rejects.toMatchObject({ code: "REQUEST_INVALID" });
  gui.end();
  await expect(openPane()).rejects.toMatchObject({ code: "GUI_GONE" });
  await expect(openPane()).rejects.toMatchObject({ code: "GUI_UNKNOWN" });
});

test.skipIf(!(await hasTmux()))(
  "opening a task moves the cursor of its instance's pane to it, and the pane tells where it is",
  { timeout: 60_000 },
  async () => {
    const { paneCommand } = await register();
    const older = await ended(world, await submit(world, `[[task:${newMark()}]] older`));
    const newer = await ended(world, await submit(world, `[[task:${newMark()}]] newer`));
    const paneId = await openPane({ target: older.id });
    const [shell = "", , socket = ""] = paneCommand;
    const script = join(import.meta.dirname, "../../bridge/panes/pane.sh");
    await using terminal = await tmuxTerminal({
      folder: world.folder,
      command: [shell, script, socket, instanceId, String(gui.pid)],
      environment: { ...world.environment, WEZTERM_PANE: String(paneId), TERM: "xterm" },
    });
    await terminal.until(`── ${older.id}`);
    const views = async () => (await world.client.call("pane_views", { guiId: gui.pid })).panes;
    expect(await views()).toEqual([{ paneId, target: instanceId, instanceId, taskId: older.id }]);
    expect(await openPane({ target: newer.id })).toBe(paneId);
    await terminal.until(`── ${newer.id}`);
    expect(await views()).toMatchObject([{ taskId: newer.id }]);
  },
);

test("the spool is private, and loses what was left in it long ago", async () => {
  const { spoolFolder } = await register();
  expect((await stat(spoolFolder)).mode & 0o777).toBe(0o700);
  for (const [name, ageS] of [
    ["old", 100_000],
    ["new", 10],
  ] as const) {
    await writeFile(join(spoolFolder, name), "x");
    await utimes(join(spoolFolder, name), Date.now() / 1_000 - ageS, Date.now() / 1_000 - ageS);
  }
  await register();
  expect(await readdir(spoolFolder)).toEqual(["new"]);
});
