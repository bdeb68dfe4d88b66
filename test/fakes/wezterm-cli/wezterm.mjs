#!/usr/bin/env node
// A stand-in for `wezterm cli`, held to what the real one (20250223) was seen to print and return. A "GUI" is the file that
// WEZTERM_UNIX_SOCKET names: its state as JSON (see gui.ts). No file: no GUI. Outputs marked [source] were read, not seen.
import { spawn } from "node:child_process";
import { existsSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

class Refused extends Error {}

const socket = process.env.WEZTERM_UNIX_SOCKET;
const [cli, ...argv] = process.argv.slice(2);
const [autoStart, ...afterAutoStart] = argv;

function main() {
  // What a careless caller would get for real: a mux server of its own, that nobody sees.
  if (cli !== "cli" || autoStart !== "--no-auto-start") return end(98, "the stand-in wants: wezterm cli --no-auto-start …");
  if (!socket) return end(98, "the stand-in wants WEZTERM_UNIX_SOCKET: without it the real one looks for any other GUI");
  if (!existsSync(socket)) return end(1, `failed to connect to Socket("${socket}"): connecting to ${socket}`);
  const [command, ...rest] = afterAutoStart;
  const lock = takeLock();
  try {
    const gui = JSON.parse(readFileSync(socket, "utf8"));
    const fault = gui.faults.find((each) => each.command === command);
    gui.calls.push({ argv: afterAutoStart, environment: { ...process.env } });
    if (fault?.once) gui.faults.splice(gui.faults.indexOf(fault), 1);
    const answer = fault?.answer ?? answerOf(gui, command, rest);
    save(gui);
    if (fault?.hangs) return setInterval(() => undefined, 1_000);
    return end(answer.code, answer.stderr, answer.stdout);
  } finally {
    rmSync(lock);
  }
}

/** The real GUI answers one after another too; a caller that does not wait is counted. */
function takeLock() {
  const lock = `${socket}.lock`;
  for (let waits = 0; ; waits += 1) {
    try {
      openSync(lock, "wx");
      return lock;
    } catch {
      if (waits === 0) writeFileSync(`${socket}.overlaps`, "1", { flag: "a" });
      if (waits > 2_000) throw new Error(`${lock} stays taken`);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function save(gui) {
  const fresh = `${socket}.${process.pid}`;
  writeFileSync(fresh, JSON.stringify(gui));
  renameSync(fresh, socket);
}

function answerOf(gui, command, rest) {
  const handler = handlers[command];
  if (!handler) return { code: 2, stderr: `error: unrecognized subcommand '${command}'` };
  try {
    return { code: 0, stdout: handler(gui, rest) };
  } catch (thrown) {
    if (!(thrown instanceof Refused)) throw thrown;
    return { code: 1, stderr: thrown.message };
  }
}

const handlers = {
  list: (gui, rest) =>
    `${JSON.stringify(
      gui.panes.map((pane) => listed(gui, pane)),
      needJson(rest),
      2,
    )}\n`,

  "list-clients": (gui, rest) =>
    `${JSON.stringify(
      [
        {
          username: "ann",
          hostname: "desk",
          pid: gui.pid,
          connection_elapsed: { secs: 100, nanos: 0 },
          idle_time: { secs: 3, nanos: 500_000_000 },
          workspace: gui.workspace,
          focused_pane_id: gui.focusedPaneId,
          ssh_auth_sock: null,
        },
      ],
      needJson(rest),
      2,
    )}\n`,

  spawn(gui, rest) {
    const { values, positionals } = parse(rest, ["pane-id", "window-id", "domain-name", "cwd", "workspace"], ["new-window"]);
    if (values["domain-name"] !== undefined && !gui.domains.includes(values["domain-name"])) {
      throw new Refused(refusal(`domain name "${values["domain-name"]}" is invalid`));
    }
    const pane = addPane(gui, windowFor(gui, values), values.cwd ?? gui.home, positionals);
    if (gui.runs && positionals.length > 0) run(pane, positionals);
    // A pane whose folder does not exist may be gone at once (seen).
    if (values.cwd !== undefined && !existsSync(values.cwd)) removePane(gui, pane.pane_id);
    return `${pane.pane_id}\n`;
  },

  "set-tab-title"(gui, rest) {
    const { values, positionals } = parse(rest, ["pane-id", "tab-id"], []);
    const pane = gui.panes.find(({ pane_id }) => pane_id === Number(values["pane-id"]));
    if (!pane) throw new Refused("unable to resolve current tab");
    for (const each of gui.panes) if (each.tab_id === pane.tab_id) each.tab_title = positionals[0] ?? "";
    return "";
  },

  "kill-pane"(gui, rest) {
    const id = Number(parse(rest, ["pane-id"], []).values["pane-id"]);
    if (!removePane(gui, id)) throw new Refused(refusal(`no such pane ${id}`));
    return "";
  },

  "activate-pane"(gui, rest) {
    const id = Number(parse(rest, ["pane-id"], []).values["pane-id"]);
    const pane = gui.panes.find(({ pane_id }) => pane_id === id);
    // [source]
    if (!pane) throw new Refused(refusal(`pane ${id} not found`));
    gui.shown[pane.window_id] = id;
    if (gui.focusedPaneId !== null) gui.focusedPaneId = id;
    return "";
  },
};

function windowFor(gui, values) {
  if (values["new-window"]) return addWindow(gui, values.workspace ?? "default");
  if (values["window-id"] !== undefined) {
    const id = Number(values["window-id"]);
    // [source]
    if (!gui.windows.some(({ window_id }) => window_id === id)) throw new Refused(refusal(`window_id ${id} not found on this server`));
    return id;
  }
  const paneId = values["pane-id"] === undefined ? gui.focusedPaneId : Number(values["pane-id"]);
  if (paneId === null) {
    throw new Refused(
      "--pane-id was not specified and $WEZTERM_PANE is not set in the environment, and I couldn't determine which pane was currently focused",
    );
  }
  // A pane that does not exist: exit 0, and a new window (seen).
  return gui.panes.find(({ pane_id }) => pane_id === paneId)?.window_id ?? addWindow(gui, "default");
}

function addWindow(gui, workspace) {
  const id = gui.nextId++;
  gui.windows.push({ window_id: id, workspace });
  return id;
}

function addPane(gui, windowId, cwd, command) {
  const id = gui.nextId++;
  const pane = { pane_id: id, tab_id: gui.nextId++, window_id: windowId, title: command[0] ?? "bash", tab_title: "", cwd, command };
  gui.panes.push(pane);
  // The new tab becomes the active one of its window (seen); with the keyboard, if that window has it.
  const shown = gui.shown[windowId];
  gui.shown[windowId] = id;
  if (gui.focusedPaneId !== null && gui.focusedPaneId === shown) gui.focusedPaneId = id;
  return pane;
}

function removePane(gui, id) {
  const pane = gui.panes.find(({ pane_id }) => pane_id === id);
  if (!pane) return false;
  gui.panes = gui.panes.filter((each) => each !== pane);
  const left = gui.panes.filter(({ window_id }) => window_id === pane.window_id);
  if (left.length === 0) gui.windows = gui.windows.filter(({ window_id }) => window_id !== pane.window_id);
  else if (gui.shown[pane.window_id] === id) gui.shown[pane.window_id] = left.at(-1).pane_id;
  if (gui.focusedPaneId === id) gui.focusedPaneId = left.at(-1)?.pane_id ?? null;
  return true;
}

/** Only with `runs`: the program without a terminal, in a group of its own; the test ends it by the recorded id. */
function run(pane, [program, ...argv]) {
  const child = spawn(program, argv, {
    detached: true,
    stdio: "ignore",
    env: { ...process.env, WEZTERM_PANE: String(pane.pane_id), TERM_PROGRAM: "WezTerm" },
  });
  child.on("error", () => undefined);
  child.unref();
  pane.processId = child.pid;
}

function listed(gui, { pane_id, tab_id, window_id, title, tab_title, cwd }) {
  return {
    window_id,
    tab_id,
    pane_id,
    workspace: gui.windows.find((each) => each.window_id === window_id).workspace,
    size: { rows: 24, cols: 80, pixel_width: 640, pixel_height: 384, dpi: 96 },
    title,
    cwd: `file://${cwd}`,
    cursor_x: 0,
    cursor_y: 0,
    cursor_shape: "Default",
    cursor_visibility: "Visible",
    left_col: 0,
    top_row: 0,
    tab_title,
    window_title: title,
    is_active: true,
    is_zoomed: false,
    tty_name: `/dev/pts/${pane_id + 10}`,
  };
}

function needJson(rest) {
  const { values } = parse(rest, ["format"], []);
  if (values.format !== "json") throw new Error("the stand-in knows --format json only");
  return undefined;
}

function parse(rest, strings, flags) {
  const options = Object.fromEntries([
    ...strings.map((name) => [name, { type: "string" }]),
    ...flags.map((name) => [name, { type: "boolean" }]),
  ]);
  return parseArgs({ args: rest, options, allowPositionals: true });
}

/** How errors of the GUI come out. */
function refusal(reason) {
  return `ErrorResponse { reason: "Error: ${reason.replaceAll('"', '\\"')}" }`;
}

function end(code, stderr = "", stdout = "") {
  if (stdout) process.stdout.write(stdout);
  if (stderr) process.stderr.write(`${code === 1 ? "ERROR  wezterm > " : ""}${stderr}; terminating\n`);
  process.exitCode = code;
}

main();
