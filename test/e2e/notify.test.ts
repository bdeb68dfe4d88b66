import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { octoFolders } from "../../bridge/folders";
import { stream } from "../api/socket-client";
import { fakeGui } from "../fakes/wezterm-cli/gui";
import { eventually } from "../helpers/eventually";
import { type OctoWorld, octoWorld } from "../helpers/octo-world";
import { ended, oneAsk, spawned, submit } from "./tasks";

test("tells the person by their own program of an ask and of the end, with title and text as its last arguments", {
  timeout: 60_000,
}, async () => {
  await using world = await octoWorld({ start: false });
  const lines = await toldByCommand(world);
  const task = await submit(world, "[[ask:touch x]] $(touch gone) it");
  const ask = await oneAsk(world, task);
  await world.client.call("answer_ask", { askId: ask.id, answer: { kind: "allow", scope: "once" } });
  await ended(world, task);
  await eventually(async () => expect(await lines()).toHaveLength(2));
  const [first, second] = await lines();
  expect(first).toMatch(/^octo: ask opened\|“.*” waits for you on .*\|$/);
  expect(second).toMatch(/^octo: task succeeded\|“.*\$\(touch gone\) it” succeeded on .*\|$/);
});

test("rings no bell and runs no program for what the person has before them, and does once they look elsewhere", {
  timeout: 60_000,
}, async () => {
  await using world = await octoWorld({ start: false });
  const lines = await toldByCommand(world);
  const { id } = await spawned(world);
  // Its process is this one: it lives as long as the test.
  const gui = fakeGui(world.folder, process.pid);
  await world.client.call("register_gui", { guiId: gui.pid, weztermSocket: gui.socket, weztermCommand: gui.command, version: "0.1.0" });
  const { paneId } = await world.client.call("open_pane", { target: id, guiId: gui.pid, focus: true });
  expect(gui.state().focusedPaneId).toBe(paneId);
  await using bells = await stream(octoFolders(world.environment).socketFile);
  const rung = () => bells.messages.flatMap((message) => (message.kind === "notice" ? [message.notice.on] : []));
  const looks = () => gui.calls().filter(([command]) => command === "list-clients").length;

  const before = looks();
  await ended(world, await submit(world, "[[say:seen]]"));
  await eventually(() => expect(looks()).toBe(before + 1));
  gui.change((state) => {
    state.focusedPaneId = 0;
  });
  await ended(world, await submit(world, "[[say:unseen]]"));
  await eventually(async () => expect(await lines()).not.toEqual([]));
  await eventually(() => expect(rung()).not.toEqual([]));
  expect(await lines()).toEqual([expect.stringContaining("unseen")]);
  expect(rung()).toEqual(["task.succeeded"]);

  // A window that lost the keyboard shows nothing, whatever pane is in it.
  gui.change((state) => {
    state.focusedPaneId = null;
  });
  await ended(world, await submit(world, "[[say:away]]"));
  await eventually(async () => expect(await lines()).toEqual([expect.anything(), expect.stringContaining("away")]));
});

/** Starts the bridge with a notifier that writes down what it is told; gives its lines so far. */
async function toldByCommand(world: OctoWorld): Promise<() => Promise<readonly string[]>> {
  const file = join(world.folder, "told");
  const command = ["sh", "-c", `printf '%s|' "$@" >>'${file}'; echo >>'${file}'`, "sh"];
  await world.configure({ notify: { command, quietUnderMs: 0 } });
  await world.startBridge();
  return async () => (await readFile(file, "utf8").catch(() => "")).split("\n").filter((line) => line !== "");
}
