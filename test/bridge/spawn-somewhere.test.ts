import { afterEach, beforeEach, expect, test } from "vitest";
import { createTerminals } from "../../bridge/adapters/wezterm/terminals";
import type { DomainPane } from "../../bridge/runtime/panes/domain-pane";
import type { OpenedPane } from "../../bridge/runtime/panes/pane-keeper";
import { spawnSomewhere } from "../../bridge/runtime/panes/spawn-somewhere";
import { type FakeGui, fakeGui } from "../fakes/wezterm-cli/gui";
import { type TempFolder, tempFolder } from "../helpers/temp-folder";

let folder: TempFolder;
let gui: FakeGui;
let dropped: number;

const there: DomainPane = {
  kind: "there",
  domain: "alpha",
  attach: {
    command: ["/bin/sh", "/home/ann/attach"],
    drop: async () => {
      dropped += 1;
    },
  },
};

beforeEach(async () => {
  folder = await tempFolder();
  gui = fakeGui(folder.path);
  dropped = 0;
});
afterEach(() => folder[Symbol.asyncDispose]());

function open(inDomain: DomainPane | undefined): Promise<OpenedPane> {
  const terminals = createTerminals({ environment: { PATH: process.env.PATH, HOME: folder.path } });
  const terminal = terminals.connect({ socketPath: gui.socket, command: gui.command });
  return spawnSomewhere(terminal, { windowId: 0 }, inDomain, { command: ["thin"], cwd: folder.path });
}

const commandOf = ({ paneId }: OpenedPane) => gui.state().panes.find(({ pane_id }) => pane_id === paneId)?.command;

test("opens the pane of a host with a domain there, in a folder that every host has", async () => {
  gui.change((state) => state.domains.push("alpha"));
  const opened = await open(there);
  expect(opened.notice).toBeUndefined();
  expect(gui.calls()).toEqual([["spawn", "--window-id", "0", "--domain-name", "alpha", "--cwd", "/", "--", "/bin/sh", "/home/ann/attach"]]);
  expect(dropped).toBe(0);
});

test("opens it here, and says so, where the GUI does not know the domain yet or fails in it", async () => {
  const unknown = await open(there);
  expect(unknown.notice).toBe("this WezTerm learns of the domain alpha at its next start; until then the pane is local");
  gui.change((state) => {
    state.domains.push("alpha");
    state.faults.push({ command: "spawn", once: true, answer: { code: 1, stderr: "ssh said no" } });
  });
  const failed = await open(there);
  expect(failed.notice).toContain("ssh said no");
  expect([commandOf(unknown), commandOf(failed)]).toEqual([["thin"], ["thin"]]);
  expect(dropped).toBe(2);
});

test("opens no second pane where the first may come yet", async () => {
  gui.change((state) => {
    state.domains.push("alpha");
    state.faults.push({ command: "spawn", answer: { code: 1, stderr: 'failed to connect to Socket("x")' } });
  });
  await expect(open(there)).rejects.toMatchObject({ code: "GUI_GONE" });
  expect(gui.calls()).toHaveLength(1);
});

test("opens it here where its host has no domain, or cannot be reached", async () => {
  expect(await open(undefined)).not.toHaveProperty("notice", expect.anything());
  expect((await open({ kind: "here", notice: "alpha cannot be reached" })).notice).toBe("alpha cannot be reached");
  expect(gui.calls().every((call) => call.includes("local"))).toBe(true);
});
