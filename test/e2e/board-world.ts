import { join } from "node:path";
import { expect } from "vitest";
import type { InstanceView } from "../../shared/instance";
import { builtOcto } from "../cli/octo";
import { eventually } from "../helpers/eventually";
import { type OctoWorld, octoWorld } from "../helpers/octo-world";
import { type TmuxTerminal, tmuxTerminal } from "../helpers/tmux";
import { fakeWithAttach } from "./pane-world";
import { spawned } from "./tasks";

/** The built `octo board` in terminals, on a world with one ready instance. */
export interface BoardWorld extends AsyncDisposable {
  readonly world: OctoWorld;
  readonly instance: InstanceView;
  /** Of the program itself. */
  readonly command: readonly string[];
  open(environment?: Readonly<Record<string, string>>, command?: readonly string[]): Promise<TmuxTerminal>;
  /** With the cursor on the task that has the mark in its prompt; instances are not shown, since they are not like it. */
  openOn(mark: string, environment?: Readonly<Record<string, string>>): Promise<TmuxTerminal>;
}

export async function boardWorld(): Promise<BoardWorld> {
  const built = await builtOcto();
  const world = await octoWorld({ openCode: fakeWithAttach });
  const instance = await spawned(world);
  const own = [process.execPath, join(built.path, "dist/octo.js"), "board"];
  const open: BoardWorld["open"] = ({ TERM = "xterm-256color", ...more } = {}, command = own) =>
    tmuxTerminal({
      folder: world.folder,
      // tmux has a TERM of its own for what runs in it.
      command: ["env", `TERM=${TERM}`, "COLORTERM=", ...command],
      environment: { ...world.environment, TERM: "xterm-256color", ...more },
      columns: 110,
      rows: 32,
    });
  return {
    world,
    instance,
    command: own,
    open,
    async openOn(mark, environment) {
      const terminal = await open(environment);
      await terminal.until("oc1");
      await terminal.press("/");
      await terminal.press("-l", mark);
      await terminal.until(new RegExp(`› . .*${mark}`));
      await terminal.press("Enter");
      await terminal.until(/q quit$/m);
      return terminal;
    },
    async [Symbol.asyncDispose]() {
      await world[Symbol.asyncDispose]();
      await built[Symbol.asyncDispose]();
    },
  };
}

/** Presses the key again until the screen says so: an ask that just appeared takes none. */
export async function pressTill(terminal: TmuxTerminal, key: string, pattern: RegExp | string): Promise<void> {
  await eventually(
    async () => {
      await terminal.press(key);
      await terminal.until(pattern, { timeoutMs: 2_000 });
    },
    { timeoutMs: 15_000 },
  );
}

export async function expectRestored(terminal: TmuxTerminal): Promise<void> {
  expect(await terminal.format("alternate_on")).toBe("0");
  expect(await terminal.format("cursor_flag")).toBe("1");
}
