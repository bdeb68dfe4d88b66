import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { eventually } from "../helpers/eventually";
import { guiWorld } from "./gui-world";
import { lua } from "./wezterm";

const patience = { timeoutMs: 15_000 };

/** Where each reads what a person sets for it, and how. */
const shells = [
  { shell: "/bin/bash", file: ".bash_profile", set: (editor: string) => `export EDITOR='${editor}'` },
  { shell: "/usr/bin/zsh", file: ".zprofile", set: (editor: string) => `export EDITOR='${editor}'` },
  { shell: "/usr/bin/fish", file: ".config/fish/config.fish", set: (editor: string) => `set -gx EDITOR '${editor}'` },
].filter(({ shell }) => existsSync(shell));

describe.skipIf(lua === undefined)("composing", () => {
  test.each(shells)(
    "opens the editor that $shell knows, whatever else its profile says and leaves behind",
    async ({ shell, file, set }) => {
      await using guis = await guiWorld();
      const { folder, home } = guis.world;
      const editor = join(folder, "editor.sh");
      const over = join(folder, "over");
      await writeFile(editor, '#!/bin/sh\nprintf "by my editor" >"$1"\n', { mode: 0o755 });
      await mkdir(dirname(join(home, file)), { recursive: true });
      await writeFile(join(home, file), `echo EDITOR is set below\n${set(editor)}\nsh -c "until [ -e '${over}' ]; do sleep 0.1; done" &\n`);
      const gui = await guis.openGui({ environment: { SHELL: shell, EDITOR: "", VISUAL: "" } });
      await eventually(() => expect(gui.right).toMatch(/\d\/\d/), patience);
      await gui.key("e");
      await eventually(async () => {
        const { tasks } = await guis.world.client.call("list_tasks", { all: true });
        expect(tasks.map(({ prompt }) => prompt)).toEqual(["by my editor"]);
      }, patience);
      await eventually(async () => expect(await readdir(join(home, ".local/state/octo/drafts"))).toEqual([]), patience);
      await writeFile(over, "");
    },
  );
});
