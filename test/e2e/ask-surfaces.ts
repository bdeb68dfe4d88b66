import { execa } from "execa";
import { expect } from "vitest";
import type { AskView } from "../../shared/ask";
import type { AskDecider } from "../../shared/audit";
import { eventually } from "../helpers/eventually";
import type { OctoWorld } from "../helpers/octo-world";
import { tmuxTerminal } from "../helpers/tmux";
import type { GuiWorld } from "../plugin/gui-world";
import { openPane } from "./pane-world";

/** One way by which a person answers everything that is open: permissions are allowed once, questions get their first option. */
export interface Surface {
  readonly name: string;
  /** What the audit trail says of it. */
  readonly by: AskDecider;
  answerAll(guis: GuiWorld): Promise<void>;
}

const patience = { timeoutMs: 60_000 };

export async function openAsks({ client }: OctoWorld): Promise<readonly AskView[]> {
  return (await client.call("list_asks", {})).asks;
}

/** `octo`, from the folder where it was built. */
export function cliSurface(builtFolder: string): Surface {
  return {
    name: "the command line",
    by: { kind: "person", surface: "cli" },
    async answerAll({ world }) {
      const octo = async (...args: readonly string[]): Promise<string> => {
        const options = { env: { ...world.environment }, extendEnv: false, timeout: patience.timeoutMs };
        return (await execa(process.execPath, [`${builtFolder}/dist/octo.js`, ...args], options)).stdout;
      };
      const listed = await octo("asks");
      for (const { id, content } of await openAsks(world)) {
        expect(listed).toContain(id);
        await (content.kind === "question" ? octo("answer", id, "1") : octo("allow", id));
      }
    },
  };
}

/** Keys of the thin pane of each server. */
export const paneSurface: Surface = {
  name: "thin panes",
  by: { kind: "person", surface: "pane" },
  async answerAll({ world }) {
    for (const target of new Set((await openAsks(world)).map(({ instanceId }) => instanceId))) {
      await using terminal = await openPane(world, { target, columns: 100, rows: 40 });
      await pressKeys(terminal, async () => (await openAsks(world)).every(({ instanceId }) => instanceId !== target));
    }
  },
};

/** Keys of `octo board`. */
export function boardSurface(builtFolder: string): Surface {
  return {
    name: "the board",
    by: { kind: "person", surface: "board" },
    async answerAll({ world }) {
      await using terminal = await tmuxTerminal({
        folder: world.folder,
        command: [process.execPath, `${builtFolder}/dist/octo.js`, "board"],
        environment: { ...world.environment, TERM: "xterm-256color" },
        columns: 120,
        rows: 40,
      });
      await pressKeys(terminal, async () => (await openAsks(world)).length === 0);
    },
  };
}

/** To the next ask, then what allows a permission and answers a question: the one that does not fit does nothing. */
async function pressKeys(terminal: { press(...keys: readonly string[]): Promise<void> }, isDone: () => Promise<boolean>): Promise<void> {
  const keys = ["n", "a", "1"];
  let next = 0;
  await eventually(
    async () => {
      if (await isDone()) return;
      await terminal.press(keys[next % keys.length] ?? "n");
      next += 1;
      throw new Error("asks are still open");
    },
    // Slower than what just appeared is taken to be read.
    { ...patience, intervalMs: 500 },
  );
}

/** The plugin's selectors in a stand-in of WezTerm. */
export const paletteSurface: Surface = {
  name: "the plugin",
  by: { kind: "person", surface: "palette" },
  async answerAll(guis) {
    const gui = await guis.openGui();
    await eventually(() => expect(gui.right).toContain("⚠"), patience);
    for (const { id, title, content } of await openAsks(guis.world)) {
      const isOnly = (await openAsks(guis.world)).length === 1;
      let known = gui.overlays.length;
      await gui.key("a");
      if (!isOnly) {
        await gui.choose(await gui.nextOverlay(known), title.slice(0, 40));
        known += 1;
      }
      const first = content.kind === "question" ? content.questions[0]?.options[0]?.label : "allow once";
      await gui.choose(await gui.nextOverlay(known), first);
      await eventually(async () => expect((await openAsks(guis.world)).map((ask) => ask.id)).not.toContain(id), patience);
    }
  },
};
