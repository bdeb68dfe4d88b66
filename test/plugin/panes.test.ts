import { describe, expect, test } from "vitest";
import { fakeGui } from "../fakes/wezterm-cli/gui";
import { eventually } from "../helpers/eventually";
import { guiWorld } from "./gui-world";
import { lua, type WezTerm } from "./wezterm";

const patience = { timeoutMs: 20_000 };

/** A GUI whose panes the bridge opens by `wezterm cli`, with one instance and its pane. */
async function worldWithPane(options = "") {
  const guis = await guiWorld();
  const cli = fakeGui(guis.world.folder);
  const gui = await guis.openGui({
    pid: cli.pid,
    environment: { WEZTERM_UNIX_SOCKET: cli.socket },
    config: 'wezterm.on("octo-instance-changed", function(_, _, news) wezterm.log_info("changed " .. news.instance_id) end)',
    options: `{ wezterm = "${cli.command}" ${options} }`,
  });
  await eventually(() => expect(gui.right).toContain("0/0"), patience);
  await gui.key("n");
  await eventually(() => expect(gui.right).toContain("1/1"), patience);
  const paneId = await eventually(() => {
    const spawned = cli.state().panes.find(({ pane_id }) => pane_id !== 0);
    if (!spawned) throw new Error(`no pane was opened: ${JSON.stringify(cli.calls())} ${gui.log.join("\n")}`);
    return spawned.pane_id;
  }, patience);
  const window = await gui.window();
  await gui.do("addPane", { window, pane: paneId, cwd: "/" });
  return { guis, gui, cli, paneId, window, [Symbol.asyncDispose]: () => guis[Symbol.asyncDispose]() };
}

const tasksOf = async ({ world }: Awaited<ReturnType<typeof guiWorld>>) => (await world.client.call("list_tasks", { all: true })).tasks;

describe.skipIf(lua === undefined)("panes of instances", { timeout: 60_000 }, () => {
  test("open in the window that asked, and give the view back", async () => {
    await using opened = await worldWithPane();
    const spawn = opened.cli.calls().find(([command]) => command === "spawn");
    expect(spawn?.join(" ")).toContain("--window-id 0");
    await eventually(() => expect(opened.cli.state().shown["0"]).toBe(0), patience);
    expect(opened.gui.log.filter((line) => line.startsWith("warn"))).toEqual([]);
  });

  test("take a prompt for their instance, and a reply to the task they show", async () => {
    await using opened = await worldWithPane();
    const { gui, guis } = opened;
    await isKnown(gui);
    await gui.key("d");
    const known = gui.overlays.length + 1;
    await gui.choose(await gui.nextOverlay(known - 1), "to this instance");
    await gui.nextOverlay(known);
    await gui.answerLine("say hello");
    // Its pane has no folder of its own: the form asks for one.
    await gui.choose(await gui.nextOverlay(known + 1), guis.world.repository);
    const [instance] = (await guis.world.client.call("list_opencode_servers", {})).instances;
    await eventually(
      async () => expect((await tasksOf(guis))[0]).toMatchObject({ instanceId: instance?.id, state: "succeeded" }),
      patience,
    );
  });

  test("have no folder of their own: a composed prompt asks for one, and theirs is not among them", async () => {
    await using opened = await worldWithPane(`, editor = "printf hello >"`);
    const { gui, guis } = opened;
    await isKnown(gui);
    const shown = gui.overlays.length;
    await gui.key("e");
    const form = await gui.nextOverlay(shown);
    expect(form.args.choices?.map(({ label }) => label)).toEqual([guis.world.repository, "another: type its path"]);
    await gui.choose(form, guis.world.repository);
    await eventually(async () => expect((await tasksOf(guis))[0]).toMatchObject({ directory: guis.world.repository }), patience);
  });

  test("stay octo's while the bridge is away: a prompt composed there asks for a folder", async () => {
    await using opened = await worldWithPane(`, editor = "printf hello >"`);
    const { gui, guis } = opened;
    await isKnown(gui);
    await guis.world.client.call("shut_down", { all: true });
    await eventually(() => expect(gui.right).toMatch(/^octo: (stopping|not running)/), patience);
    const shown = gui.overlays.length;
    await gui.key("e");
    const form = await gui.nextOverlay(shown);
    expect(form.args.choices?.map(({ label }) => label)).toEqual([guis.world.repository, "another: type its path"]);
    await gui.choose(form, undefined);
  });

  test("are jumped to when they need the person, who is not told what is in view", async () => {
    await using opened = await worldWithPane();
    const { gui, guis, paneId, window } = opened;
    const { client, repository } = guis.world;
    const [instance] = (await client.call("list_opencode_servers", {})).instances;
    const filter = instance ? { filter: { instances: [instance.id] } } : {};
    const submit = (prompt: string) => client.call("distribute_task", { prompt, directory: repository, ...filter });
    await submit("[[ask:touch a]]");
    await eventually(() => expect(gui.right).toContain("⚠ 1"), patience);
    await newsAreTold(opened);
    expect(gui.toasts).toEqual([]);
    await gui.do("activate", { pane: 0 });
    await submit("[[ask:touch b]]");
    await eventually(() => expect(gui.toasts.map(({ message }) => message)).toEqual([expect.stringContaining("touch b")]), patience);
    await gui.key("j");
    await eventually(async () => expect((await gui.look()).windows[0]?.pane).toBe(paneId), patience);
    await gui.do("focus", { window: window + 1 });
    await submit("[[ask:touch c]]");
    await eventually(() => expect(gui.toasts).toHaveLength(2), patience);
  });
});

/** The plugin has seen that the pane is an instance's. */
async function isKnown(gui: WezTerm): Promise<void> {
  await eventually(async () => {
    const shown = gui.overlays.length;
    await gui.key("d");
    const target = await gui.nextOverlay(shown);
    if (target.kind === "InputSelector") return gui.choose(target, undefined);
    await gui.answerLine(undefined);
    throw new Error("the pane is not known yet");
  }, patience);
}

/** News are handed out one after another: once those of another server came, what was before them is decided. */
async function newsAreTold({ guis, gui }: Awaited<ReturnType<typeof worldWithPane>>): Promise<void> {
  const [other] = (await guis.world.client.call("spawn_opencode_server", { count: 1 })).instances;
  await eventually(() => expect(gui.log).toContain(`info: changed ${other?.id}`), patience);
}
