import { expect, test } from "vitest";
import { fakeGui } from "../fakes/wezterm-cli/gui";
import { realOpenCode } from "../helpers/real-opencode-source";
import { sshdMissing } from "../helpers/sshd";
import { hasTmux, tmuxTerminal } from "../helpers/tmux";
import { addHost, hostId, loopbackWorld } from "./host-world";
import { ended, newMark, submit } from "./tasks";

test.skipIf(sshdMissing !== undefined || !(await hasTmux()))(
  "a pane in a host's domain shows the task's session in the real OpenCode",
  { timeout: 240_000 },
  async () => {
    await using world = await loopbackWorld({ openCode: realOpenCode });
    const { octo } = world;
    await addHost(world, "alpha", { domain: "ssh" });
    const filter = { hosts: [hostId("alpha")] };
    const task = await ended(octo, await submit(octo, `[[task:${newMark()}]] [[say:a word from the model]]`, { filter }));
    const gui = fakeGui(octo.folder, process.pid);
    gui.change((state) => state.domains.push("alpha"));
    await octo.client.call("register_gui", { guiId: gui.pid, weztermSocket: gui.socket, weztermCommand: gui.command, version: "0.1.0" });
    const opened = await octo.client.call("open_pane", { target: task.id, guiId: gui.pid });
    expect(opened.notice).toBeUndefined();
    const command = gui.state().panes.find(({ pane_id }) => pane_id === opened.paneId)?.command ?? [];
    await using terminal = await tmuxTerminal({
      folder: octo.folder,
      command,
      // What WezTerm would hand on of the machine that it runs on.
      environment: { PATH: process.env.PATH ?? "", TERM: "xterm-256color", HOME: "/elsewhere" },
      columns: 100,
      rows: 30,
    });
    await terminal.until(/ctrl\+p|commands/, { timeoutMs: 90_000 });
    await terminal.until("a word from the model", { timeoutMs: 30_000 });
    await terminal.press("C-c");
    await terminal.until("ended with code 0", { timeoutMs: 30_000 });
  },
);
