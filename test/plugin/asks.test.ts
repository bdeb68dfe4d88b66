import { describe, expect, test } from "vitest";
import { eventually } from "../helpers/eventually";
import { type GuiWorld, guiWorld } from "./gui-world";
import { lua, type WezTerm } from "./wezterm";

const patience = { timeoutMs: 20_000 };

async function submit({ world }: GuiWorld, prompt: string): Promise<string> {
  const { task } = await world.client.call("distribute_task", { prompt, directory: world.repository });
  return task.id;
}

const stateOf = async ({ world }: GuiWorld, id: string) =>
  (await world.client.call("list_tasks", { all: true })).tasks.find((task) => task.id === id)?.state;

async function waiting(gui: WezTerm, count: number): Promise<void> {
  await eventually(() => expect(gui.right).toContain(`⚠ ${count}`), patience);
}

const config = `
  for _, name in ipairs({ "octo-ask", "octo-task-finished", "octo-instance-changed", "octo-bridge-changed" }) do
    wezterm.on(name, function(window, pane, news) wezterm.log_info("event " .. name .. " " .. (news.state or news.title)) end)
  end`;

// A world of its own each, and every wait has its own limit.
describe.skipIf(lua === undefined)("what needs the person", { timeout: 60_000 }, () => {
  test("is seen, told once, and answered with two keys", async () => {
    await using guis = await guiWorld();
    const gui = await guis.openGui({ config });
    const id = await submit(guis, "[[ask:touch c.txt]]");
    await waiting(gui, 1);
    await eventually(() => expect(gui.toasts.map(({ title }) => title).join()).toContain("octo: waits for you"), patience);
    await gui.key("a");
    await gui.choose(await gui.nextOverlay(0), "allow once");
    await eventually(async () => expect(await stateOf(guis, id)).toBe("succeeded"), patience);
    await eventually(() => expect(gui.toasts.map(({ title }) => title).join()).toContain("octo: succeeded"), patience);
    expect(gui.toasts).toHaveLength(2);
    const events = gui.log.filter((line) => line.includes("event octo-"));
    expect(events.some((line) => line.includes("octo-bridge-changed up"))).toBe(true);
    expect(events.filter((line) => line.includes("octo-task-finished succeeded"))).toHaveLength(1);
    expect(events.filter((line) => line.includes("octo-ask"))).toHaveLength(1);
  });

  test("is told by one GUI of several", async () => {
    await using guis = await guiWorld();
    const opened = await Promise.all([1, 2, 3].map(() => guis.openGui({ config })));
    for (const gui of opened) await eventually(() => expect(gui.right).toMatch(/\d\/\d/), patience);
    const toldOf = (file: string) => opened.flatMap(({ toasts }) => toasts).filter(({ message }) => message.includes(file));
    const news = (gui: WezTerm) => gui.log.filter((line) => line.includes("event octo-ask"));
    await submit(guis, "[[ask:touch c.txt]]");
    await eventually(() => expect(toldOf("c.txt")).toHaveLength(1), patience);
    // News are handed out one after another: who has the second has decided on the first.
    await submit(guis, "[[ask:touch d.txt]]");
    for (const gui of opened) await eventually(() => expect(news(gui)).toHaveLength(2), patience);
    expect(toldOf("c.txt")).toHaveLength(1);
  });

  test("is told once, also when the configuration is reloaded", async () => {
    await using guis = await guiWorld();
    const gui = await guis.openGui({ config });
    await submit(guis, "[[ask:touch c.txt]]");
    await waiting(gui, 1);
    await eventually(() => expect(gui.toasts).toHaveLength(1), patience);
    await gui.do("reload");
    await submit(guis, "[[ask:touch d.txt]]");
    await waiting(gui, 2);
    await eventually(() => expect(gui.toasts).toHaveLength(2), patience);
    expect(gui.log.filter((line) => line.includes("octo-bridge-changed up"))).toHaveLength(1);
  });

  test("is read whole in the list that answers it, however long", async () => {
    await using guis = await guiWorld();
    const gui = await guis.openGui();
    const command = `rm -rf ${Array.from({ length: 60 }, (_, index) => `folder-${index}`).join(" ")} && echo done`;
    const id = await submit(guis, `[[ask:${command}]]`);
    await waiting(gui, 1);
    await gui.key("a");
    const list = await gui.nextOverlay(0);
    const rows = list.args.choices ?? [];
    // WezTerm cuts a row at the width of the tab less six, here 74.
    expect(rows.every(({ label }) => label.length <= 74)).toBe(true);
    const read = rows.filter((row) => row.id.startsWith("text:")).map(({ label }) => label.replace(/^ {2}│ /, ""));
    expect(read.join("")).toContain(command);
    expect(read.join("")).toMatch(/, on \w+ \(local\)/);
    // Reading answers nothing.
    await gui.choose(list, "folder-30");
    await gui.choose(await gui.nextOverlay(1), "deny");
    await eventually(async () => expect(["succeeded", "failed"]).toContain(await stateOf(guis, id)), patience);
  });

  test("is denied with a word on what to do instead", async () => {
    await using guis = await guiWorld();
    const gui = await guis.openGui();
    const id = await submit(guis, "[[ask:touch c.txt]]");
    await waiting(gui, 1);
    await gui.key("a");
    await gui.choose(await gui.nextOverlay(0), "say what to do instead");
    await gui.nextOverlay(1);
    await gui.answerLine("use the other file");
    await eventually(async () => expect(["succeeded", "failed"]).toContain(await stateOf(guis, id)), patience);
  });

  test("is a question that is answered by choosing", async () => {
    await using guis = await guiWorld();
    const gui = await guis.openGui();
    const id = await submit(guis, "[[question:which one?|red|blue]]");
    await waiting(gui, 1);
    await gui.key("a");
    const question = await gui.nextOverlay(0);
    expect(question.args.title).toContain("which one?");
    await gui.choose(question, "blue");
    await eventually(async () => expect(await stateOf(guis, id)).toBe("succeeded"), patience);
  });

  test("goes on when a handler of the user's throws or takes long", async () => {
    await using guis = await guiWorld();
    const slow = `
      wezterm.on("octo-ask", function() error("boom") end)
      wezterm.on("octo-bridge-changed", function() wezterm.sleep_ms(600000) end)`;
    const gui = await guis.openGui({ config: slow });
    await submit(guis, "[[ask:touch c.txt]]");
    await waiting(gui, 1);
    await guis.world.client.call("spawn_opencode_server", { count: 1 });
    await eventually(() => expect(gui.right).toContain("2/2"), patience);
  });

  test("text of models is shown inert in lists and notes", async () => {
    await using guis = await guiWorld();
    const gui = await guis.openGui();
    await submit(guis, "\u001b]0;evil\u0007\u001b[31m[[ask:touch 'x\u001b[2Jy']] \u202etitle");
    await waiting(gui, 1);
    await eventually(() => expect(gui.toasts.length).toBeGreaterThan(0), patience);
    await gui.key("t");
    await gui.key("a");
    await gui.nextOverlay(1);
    const shown = JSON.stringify([gui.overlays, gui.toasts, gui.log, gui.statuses.map(({ text }) => text.replaceAll("\u001b[0m", ""))]);
    for (const bad of ["\\u001b]", "\\u001b[31m", "\\u001b[2J", "\\u0007", "\u202e"]) expect(shown).not.toContain(bad);
  });
});

describe.skipIf(lua === undefined)("tasks and instances", { timeout: 60_000 }, () => {
  test("are listed, and acted on", async () => {
    await using guis = await guiWorld();
    const gui = await guis.openGui();
    const id = await submit(guis, "[[hang]]");
    await eventually(() => expect(gui.right).toContain("▶ 1"), patience);
    // A task that is cancelled before it has a session cannot be replied to.
    const { client } = guis.world;
    await eventually(async () => expect((await client.call("list_tasks", {})).tasks).toMatchObject([{ detail: "works" }]), patience);
    await gui.key("t");
    await gui.choose(await gui.nextOverlay(0), id);
    await gui.choose(await gui.nextOverlay(1), "cancel it");
    await eventually(async () => expect(await stateOf(guis, id)).toBe("cancelled"), patience);
    await gui.key("t");
    await gui.choose(await gui.nextOverlay(2), id);
    await gui.choose(await gui.nextOverlay(3), "reply");
    await gui.nextOverlay(4);
    await gui.answerLine("and now this");
    await eventually(async () => expect((await guis.world.client.call("list_tasks", { all: true })).tasks).toHaveLength(2), patience);
    await gui.key("i");
    await gui.choose(await gui.nextOverlay(5), "ready");
    await gui.choose(await gui.nextOverlay(6), "stop it");
    await eventually(() => expect(gui.right).toContain("0/0"), patience);
  });

  test("a new instance comes with one key", async () => {
    await using guis = await guiWorld();
    const gui = await guis.openGui({ options: "{ panes = false }" });
    await eventually(() => expect(gui.right).toContain("0/0"), patience);
    await gui.key("n");
    await eventually(() => expect(gui.right).toContain("1/1"), patience);
  });

  test("the help lists the keys and runs what is chosen", async () => {
    await using guis = await guiWorld();
    const gui = await guis.openGui();
    await eventually(() => expect(gui.right).toContain("0/0"), patience);
    await gui.key("?", "SHIFT");
    await gui.choose(await gui.nextOverlay(0), "d  dispatch a prompt");
    expect((await gui.nextOverlay(1)).kind).toBe("PromptInputLine");
  });
});
