import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { eventually } from "../helpers/eventually";
import { type GuiWorld, guiWorld } from "./gui-world";
import { lua, type WezTerm } from "./wezterm";

const patience = { timeoutMs: 15_000 };

async function connected(guis: GuiWorld, options: Parameters<GuiWorld["openGui"]>[0] = {}): Promise<WezTerm> {
  const gui = await guis.openGui(options);
  await eventually(() => expect(gui.right).toMatch(/\d\/\d/), patience);
  return gui;
}

const tasksOf = async ({ world }: GuiWorld) => (await world.client.call("list_tasks", { all: true })).tasks;

describe.skipIf(lua === undefined)("dispatch", () => {
  test("turns a key press and a line into a task on a branch, for the pane's directory", async () => {
    await using guis = await guiWorld();
    const gui = await connected(guis);
    await gui.key("d");
    await gui.nextOverlay(0);
    await gui.answerLine("[[task:one]] write a line [[write:b.txt|hello]]");
    await eventually(async () => expect((await tasksOf(guis))[0]).toMatchObject({ state: "succeeded" }), patience);
    const [task] = await tasksOf(guis);
    expect(task?.directory).toBe(guis.world.repository);
    expect(task?.branch?.files).toEqual(["b.txt"]);
    expect(await guis.world.openCode.turns("one")).toBe(1);
    expect(gui.log.filter((line) => !line.startsWith("info"))).toEqual([]);
  });

  test("sends a prompt of any text exactly, and shows it nowhere but in a private file", async () => {
    await using guis = await guiWorld();
    const gui = await connected(guis);
    const prompt = `a\u001b[31mred\u001b]0;title\u0007 "quoted" \\ 'single' $(date) \`x\` \u0000\u0001\t\r\n日本語 🙂 \u202eevil -d @/etc/passwd ${"long ".repeat(5_000)}`;
    await gui.key("d");
    await gui.nextOverlay(0);
    await gui.answerLine(prompt);
    await eventually(async () => expect(await tasksOf(guis)).toHaveLength(1), patience);
    expect((await tasksOf(guis))[0]?.prompt).toBe(prompt);
    expect(gui.started.flatMap(({ args }) => args).join(" ")).not.toContain("quoted");
    // The notice in the line is the only place where a part of it is shown, and nothing in it is obeyed.
    await eventually(() => expect(gui.right).toContain("sent tsk_"), patience);
    expect(gui.statuses.some(({ text }) => text.includes("\u001b[31m") || text.includes("\u0007") || text.includes("\u202e"))).toBe(false);
    // The bridge's own folder, 0700, until it has named the one for requests.
    const folders = [join(guis.world.folder, "run/octo"), join(guis.world.folder, "run/octo/spool")];
    const found = await Promise.all(folders.map(async (folder) => (await readdir(folder)).map((name) => join(folder, name))));
    const files = found.flat().filter((file) => file.includes("/request-"));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect(await readFile(file, "utf8")).toBe("");
    }
  });

  test("asks for strategy, host, instance and directory in the longer form", async () => {
    await using guis = await guiWorld();
    const { instances } = await guis.world.client.call("spawn_opencode_server", { count: 1 });
    const other = join(guis.world.repository, "elsewhere");
    await mkdir(other);
    const gui = await connected(guis);
    await gui.key("D");
    await gui.nextOverlay(0);
    await gui.answerLine("say hello");
    await gui.choose(await gui.nextOverlay(1), "round-robin");
    await gui.choose(await gui.nextOverlay(2), "local");
    await gui.choose(await gui.nextOverlay(3), instances[0]?.name);
    // A reload in between loses nothing: the form is kept outside of the Lua state.
    await gui.do("reload");
    await gui.choose(await gui.nextOverlay(4), "another");
    await gui.nextOverlay(5);
    await gui.answerLine(other);
    await eventually(async () => expect((await tasksOf(guis))[0]).toMatchObject({ directory: other, prompt: "say hello" }), patience);
  });

  test("asks for the directory where the pane's is not of this machine", async () => {
    await using guis = await guiWorld();
    const gui = await connected(guis);
    await gui.do("setPane", { pane: (await gui.look()).windows[0]?.pane, fields: { host: "far.example.org" } });
    await gui.key("d");
    await gui.nextOverlay(0);
    await gui.answerLine("say hello");
    await gui.choose(await gui.nextOverlay(1), "another");
    await gui.nextOverlay(2);
    await gui.answerLine(guis.world.repository);
    await eventually(async () => expect(await tasksOf(guis)).toHaveLength(1), patience);
  });

  test("keeps as a draft what waits in a form, until it is sent: another list may take its place", async () => {
    await using guis = await guiWorld();
    const drafts = join(guis.world.home, ".local/state/octo/drafts");
    const gui = await connected(guis);
    await gui.do("setPane", { pane: (await gui.look()).windows[0]?.pane, fields: { host: "far.example.org" } });
    await gui.key("d");
    await gui.nextOverlay(0);
    await gui.answerLine("precious words");
    await gui.nextOverlay(1);
    await gui.key("?");
    await gui.choose(await gui.nextOverlay(2), undefined);
    expect(await readFile(join(drafts, (await readdir(drafts))[0] ?? ""), "utf8")).toBe("precious words");
    await gui.key("d");
    await gui.nextOverlay(3);
    await gui.answerLine("more words");
    await gui.choose(await gui.nextOverlay(4), "another");
    await gui.nextOverlay(5);
    await gui.answerLine(guis.world.repository);
    await eventually(async () => expect((await tasksOf(guis)).map(({ prompt }) => prompt)).toEqual(["more words"]), patience);
    await eventually(async () => expect(await readdir(drafts)).toHaveLength(1), patience);
    expect(await readFile(join(drafts, (await readdir(drafts))[0] ?? ""), "utf8")).toBe("precious words");
  });

  test("sends nothing for an empty line or Escape", async () => {
    await using guis = await guiWorld();
    const gui = await connected(guis);
    for (const line of ["   ", undefined]) {
      const shown = gui.overlays.length;
      await gui.key("d");
      await gui.nextOverlay(shown);
      await gui.answerLine(line);
    }
    expect(await tasksOf(guis)).toEqual([]);
  });

  test("keeps a refused prompt as a draft, which compose opens again and sends", async () => {
    await using guis = await guiWorld();
    const editor = join(guis.world.folder, "editor.sh");
    await writeFile(editor, '#!/bin/sh\nprintf " and more" >>"$1"\n', { mode: 0o755 });
    const gui = await connected(guis, { options: `{ editor = "${editor}" }` });
    await guis.world.bridge().kill();
    await gui.key("d");
    await gui.nextOverlay(0);
    await gui.answerLine("precious words");
    await eventually(() => expect(gui.toasts.at(-1)?.message).toContain("BRIDGE_NOT_RUNNING"), patience);
    await guis.world.startBridge();
    await eventually(() => expect(gui.right).toContain("0/0"), patience);
    await gui.key("e");
    await gui.choose(await gui.nextOverlay(1), "precious words");
    await eventually(async () => expect((await tasksOf(guis)).map(({ prompt }) => prompt)).toEqual(["precious words and more"]), patience);
    await eventually(async () => expect(await readdir(join(guis.world.home, ".local/state/octo/drafts"))).toEqual([]), patience);
  });

  test("composes in the editor: sent when it is saved, kept when it is not, gone when it is empty", async () => {
    await using guis = await guiWorld();
    const editor = join(guis.world.folder, "editor.sh");
    const drafts = join(guis.world.home, ".local/state/octo/drafts");
    const gui = await connected(guis, { environment: { EDITOR: editor } });
    const compose = async (script: string): Promise<void> => {
      await writeFile(editor, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      await gui.key("e");
    };
    await compose("exit 0");
    await eventually(() => expect(gui.right).toContain("the draft is empty"), patience);
    await compose('printf "line one\\nline \\377two" >"$1"; exit 1');
    await eventually(() => expect(gui.right).toContain("it was not saved"), patience);
    expect(await tasksOf(guis)).toEqual([]);
    expect(await readdir(drafts)).toHaveLength(1);
    const shown = gui.overlays.length;
    await compose(':>"$1"; printf "line one\\nline two" >"$1"');
    await gui.choose(await gui.nextOverlay(shown), "line one");
    await eventually(async () => expect((await tasksOf(guis)).map(({ prompt }) => prompt)).toEqual(["line one\nline two"]), patience);
    await eventually(async () => expect(await readdir(drafts)).toEqual([]), patience);
  });

  test("asks for the directory of a composed prompt also when its pane has gone", async () => {
    await using guis = await guiWorld();
    const editor = join(guis.world.folder, "editor.sh");
    const ready = join(guis.world.folder, "ready");
    await writeFile(editor, `#!/bin/sh\nuntil [ -e '${ready}' ]; do sleep 0.05; done\nprintf "after all" >"$1"\n`, { mode: 0o755 });
    const gui = await connected(guis, { options: `{ editor = "${editor}" }` });
    const pane = (await gui.look()).windows[0]?.pane;
    await gui.do("setPane", { pane, fields: { host: "far.example.org" } });
    await gui.do("addPane", { window: await gui.window(), pane: 7, cwd: guis.world.repository });
    await gui.do("activate", { pane });
    await gui.key("e");
    await eventually(() => expect(gui.started.some(({ kind }) => kind === "pane")).toBe(true), patience);
    await gui.do("closePane", { pane });
    await writeFile(ready, "");
    await gui.choose(await gui.nextOverlay(0), guis.world.repository);
    await eventually(async () => expect((await tasksOf(guis)).map(({ prompt }) => prompt)).toEqual(["after all"]), patience);
  });

  test("composes through reloads: what is saved after them is sent", async () => {
    await using guis = await guiWorld();
    const editor = join(guis.world.folder, "editor.sh");
    const ready = join(guis.world.folder, "ready");
    // The person types until the test says so.
    await writeFile(editor, `#!/bin/sh\nuntil [ -e '${ready}' ]; do sleep 0.05; done\nprintf "after all" >"$1"\n`, { mode: 0o755 });
    const gui = await connected(guis, { options: `{ editor = "${editor}" }` });
    await gui.key("e");
    await eventually(() => expect(gui.started.some(({ kind }) => kind === "pane")).toBe(true), { ...patience, intervalMs: 1 });
    // In the moment of the split, and later.
    for (let count = 0; count < 3; count += 1) await gui.do("reload");
    await writeFile(ready, "");
    await eventually(async () => expect((await tasksOf(guis)).map(({ prompt }) => prompt)).toEqual(["after all"]), patience);
  });
});
