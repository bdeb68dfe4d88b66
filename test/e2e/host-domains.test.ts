import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { octoFolders } from "../../bridge/folders";
import { fakeGui } from "../fakes/wezterm-cli/gui";
import { sshdMissing } from "../helpers/sshd";
import { addHost, hostId, loopbackWorld } from "./host-world";
import { fakeWithAttach } from "./pane-world";
import { newMark, submit, until, waitsFor } from "./tasks";

const run = promisify(execFile);

describe.skipIf(sshdMissing)("the panes of a host with a domain", () => {
  test.each([
    ["ssh", { ssh_domains: [{ name: "alpha", remote_address: "alpha", multiplexing: "None" }], tls_clients: [] }],
    ["mux", { ssh_domains: [{ name: "alpha", remote_address: "alpha", multiplexing: "WezTerm" }], tls_clients: [] }],
    ["tls", { ssh_domains: [], tls_clients: [{ name: "alpha", remote_address: "alpha:8080", bootstrap_via_ssh: "alpha" }] }],
  ] as const)(
    "(%s) open there once WezTerm knows it, on the task's session, and here until then",
    { timeout: 60_000 },
    async (domain, file) => {
      await using world = await loopbackWorld({ openCode: fakeWithAttach });
      const { octo } = world;
      const { id: target } = await addHost(world, "alpha", { domain });
      expect(JSON.parse(await readFile(join(octoFolders(octo.environment).state, "domains.json"), "utf8"))).toEqual({
        version: 1,
        ...file,
      });
      expect((await octo.client.call("get_status", {})).counts).toMatchObject({ hosts: 1, hostsReady: 1 });

      const gui = fakeGui(octo.folder, process.pid);
      const [guiId, open] = [gui.pid, { target, guiId: gui.pid }];
      await octo.client.call("register_gui", { guiId, weztermSocket: gui.socket, weztermCommand: gui.command, version: "0.1.0" });
      const here = await octo.client.call("open_pane", open);
      expect(here.notice).toContain("at its next start");
      expect(gui.state().panes.at(-1)?.command.slice(-2)).toEqual([target, String(guiId)]);
      await octo.client.call("close_pane", { guiId, paneId: here.paneId ?? -1 });

      gui.change((state) => state.domains.push("alpha"));
      const gate = join(octo.folder, "gate");
      const task = await submit(octo, `[[task:${newMark()}]] ${waitsFor(gate)}`, { filter: { hosts: [hostId("alpha")] } });
      const { sessionId } = await until(octo, task, (found) => expect(found.sessionId).toBeDefined());
      const there = await octo.client.call("open_pane", { ...open, target: task.id });
      expect(there).toEqual({ paneId: gui.state().panes.at(-1)?.pane_id });
      const spawned = gui.calls().findLast(([command]) => command === "spawn") ?? [];
      expect(spawned.slice(0, -1)).toEqual(["spawn", "--window-id", "0", "--domain-name", "alpha", "--cwd", "/", "--", "/bin/sh"]);
      const shown = await run("/bin/sh", ["-c", 'exec /bin/sh "$0" </dev/null', spawned.at(-1) ?? ""], {
        env: { TERM: "xterm-256color", HOME: "/elsewhere" },
        timeout: 10_000,
      });
      expect(shown.stdout).toContain(`word <${sessionId}>`);
      expect(shown.stdout).toContain("user opencode, updates off: 1");

      await octo.client.call("cancel_task", { taskId: task.id });
    },
  );
});
