import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** The stand-in itself, as `weztermCommand`. */
const weztermCommand = fileURLToPath(new URL("./wezterm.mjs", import.meta.url));

const paneSchema = z.looseObject({
  pane_id: z.number(),
  tab_id: z.number(),
  window_id: z.number(),
  title: z.string(),
  tab_title: z.string(),
  cwd: z.string(),
  command: z.array(z.string()),
});
const faultSchema = z.strictObject({
  /** The subcommand that it befalls. */
  command: z.string(),
  once: z.boolean().optional(),
  hangs: z.boolean().optional(),
  answer: z.strictObject({ code: z.number(), stdout: z.string().optional(), stderr: z.string().optional() }).optional(),
});
const guiSchema = z.looseObject({
  pid: z.number(),
  nextId: z.number(),
  workspace: z.string(),
  /** Null while no window has the keyboard. */
  focusedPaneId: z.number().nullable(),
  domains: z.array(z.string()),
  windows: z.array(z.looseObject({ window_id: z.number(), workspace: z.string() })),
  panes: z.array(paneSchema),
  /** Window id to the pane that is shown in it. */
  shown: z.record(z.string(), z.number()),
  calls: z.array(z.looseObject({ argv: z.array(z.string()), environment: z.record(z.string(), z.string()) })),
  faults: z.array(faultSchema),
});

export type FakeGuiState = z.infer<typeof guiSchema>;

/** A GUI that exists as a file only; it starts with one window (0) that shows one pane (0), the person's shell. */
export interface FakeGui {
  readonly pid: number;
  /** For WEZTERM_UNIX_SOCKET. */
  readonly socket: string;
  readonly command: string;
  state(): FakeGuiState;
  change(change: (state: FakeGuiState) => void): void;
  /** Arguments after `cli --no-auto-start` of every call so far. */
  calls(): readonly (readonly string[])[];
  /** Whether two calls ever ran at once. */
  overlapped(): boolean;
  /** The person closes the pane. */
  closePane(paneId: number): void;
  /** The GUI ends, and its panes with it. */
  end(): void;
}

export function fakeGui(folder: string, pid = 4_711): FakeGui {
  const socket = join(folder, `gui-sock-${pid}`);
  const state = (): FakeGuiState => guiSchema.parse(JSON.parse(readFileSync(socket, "utf8")));
  const write = (next: FakeGuiState): void => {
    writeFileSync(`${socket}.test`, JSON.stringify(next));
    renameSync(`${socket}.test`, socket);
  };
  const change = (apply: (state: FakeGuiState) => void): void => {
    const next = state();
    apply(next);
    write(next);
  };
  write({
    pid,
    nextId: 1,
    workspace: "default",
    home: folder,
    focusedPaneId: 0,
    domains: ["local"],
    windows: [{ window_id: 0, workspace: "default" }],
    panes: [{ pane_id: 0, tab_id: 0, window_id: 0, title: "bash", tab_title: "", cwd: folder, command: ["bash"] }],
    shown: { "0": 0 },
    calls: [],
    faults: [],
  });
  return {
    pid,
    socket,
    command: weztermCommand,
    state,
    change,
    calls: () => state().calls.map(({ argv }) => argv),
    overlapped: () => {
      try {
        return readFileSync(`${socket}.overlaps`, "utf8") !== "";
      } catch {
        return false;
      }
    },
    closePane: (paneId) =>
      change((gui) => {
        gui.panes = gui.panes.filter(({ pane_id }) => pane_id !== paneId);
        if (gui.focusedPaneId === paneId) gui.focusedPaneId = gui.panes[0]?.pane_id ?? null;
      }),
    end: () => rmSync(socket, { force: true }),
  };
}
