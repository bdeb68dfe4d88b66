import { describe, expect, test } from "vitest";
import { fakeGui } from "../fakes/wezterm-cli/gui";
import { eventually } from "../helpers/eventually";
import { type GuiWorld, guiWorld } from "./gui-world";
import { counts, oddBridge, snapshot } from "./odd-bridge";
import { lua, type WezTerm } from "./wezterm";

const patience = { timeoutMs: 20_000 };
const config = 'wezterm.on("octo-notice", function(_, _, notice) wezterm.log_info("notice " .. notice.on .. ": " .. notice.text) end)';

/** Its server dies, and is not started again. */
async function failOne({ world }: GuiWorld): Promise<string> {
  const { instances } = await world.client.call("list_opencode_servers", {});
  const [living] = instances.filter(({ state }) => state === "ready");
  if (living?.pid === undefined) throw new Error("no server lives");
  process.kill(living.pid, "SIGKILL");
  return living.name;
}

const told = (gui: WezTerm): readonly string[] => gui.toasts.map(({ title, message }) => `${title}: ${message}`);
const heard = (gui: WezTerm): readonly string[] => gui.log.filter((line) => line.startsWith("info: notice instance.failed"));

describe.skipIf(lua === undefined)("what happens to instances, hosts and limits", { timeout: 90_000 }, () => {
  test("is told by one GUI of several, naming the instance that failed and why", async () => {
    await using guis = await guiWorld({ config: { instances: { restartsMax: 0 } } });
    const opened = await Promise.all([1, 2, 3].map(() => guis.openGui({ config })));
    await guis.world.client.call("spawn_opencode_server", { count: 1 });
    for (const gui of opened) await eventually(() => expect(gui.right).toContain("1/1"), patience);
    const name = await failOne(guis);
    // News are handed to the user's handlers after the person: once all have them, all have decided.
    for (const gui of opened) await eventually(() => expect(heard(gui)).toHaveLength(1), patience);
    expect(opened.flatMap(told)).toEqual([expect.stringMatching(`^octo: instance failed: instance ${name} has failed: .`)]);
  });

  test("is not told while the instance's pane is in view", async () => {
    await using guis = await guiWorld({ config: { instances: { restartsMax: 0 } } });
    const cli = fakeGui(guis.world.folder);
    const environment = { WEZTERM_UNIX_SOCKET: cli.socket };
    const gui = await guis.openGui({ pid: cli.pid, config, environment, options: `{ wezterm = "${cli.command}" }` });
    await eventually(() => expect(gui.right).toContain("0/0"), patience);
    await gui.key("n");
    await eventually(() => expect(gui.right).toContain("1/1"), patience);
    const paneId = await eventually(() => {
      const [made] = cli.state().panes.filter(({ pane_id }) => pane_id !== 0);
      if (!made) throw new Error("no pane yet");
      return made.pane_id;
    }, patience);
    await gui.do("addPane", { window: await gui.window(), pane: paneId, cwd: "/" });
    await failOne(guis);
    await eventually(() => expect(heard(gui)).toHaveLength(1), patience);
    expect(told(gui)).toEqual([]);
  });

  test("is told of a host and of the day's limit, inert, each once", async () => {
    let [revision, notices]: [number, readonly object[]] = [7, []];
    await using bridge = await oddBridge(() => JSON.stringify({ ...snapshot, revision, counts, notices }));
    await using gui = await bridge.open();
    await eventually(() => expect(gui.right).toContain("1/1"), { timeoutMs: 10_000 });
    const lost = { id: "host.lost/alpha/1", on: "host.lost", text: "host alpha cannot be reached: \u001b[2Jno route" };
    const reached = { id: "limit.reached/day/2", on: "limit.reached", text: "the queue is paused: 5 $ are used up" };
    [revision, notices] = [8, [lost]];
    await eventually(() => expect(told(gui)).toHaveLength(1), patience);
    [revision, notices] = [9, [lost, reached]];
    await eventually(() => expect(told(gui)).toHaveLength(2), patience);
    expect(told(gui)).toEqual(["octo: host lost: host alpha cannot be reached: no route", `octo: limit reached: ${reached.text}`]);
  });
});
