import { expect } from "vitest";
import { fakeGui } from "../fakes/wezterm-cli/gui";
import { realOpenCode } from "../helpers/real-opencode-source";
import { tmuxTerminal } from "../helpers/tmux";
import { addHost, hostId, loopbackWorld } from "./host-world";
import { ended, expectOneTurn, newMark, submit } from "./tasks";

/** The real OpenCode on a host: three tasks, three branches at home, one server, and a check that finds nothing wrong. */
export async function expectRealWork(): Promise<void> {
  await using world = await loopbackWorld({ openCode: realOpenCode });
  const { octo } = world;
  const remote = await addHost(world, "alpha");
  const marks = [newMark(), newMark(), newMark()];
  const filter = { hosts: [hostId("alpha")] };
  const tasks = await Promise.all(
    marks.map((mark, index) => submit(octo, `[[task:${mark}]] [[bash:echo ${index} > file-${index}.txt]]`, { filter })),
  );
  for (const [index, task] of tasks.entries()) {
    const { branch, instanceId } = await expectOneTurn(octo, task, marks[index] ?? "");
    expect(instanceId).toBe(remote.id);
    expect(branch?.files).toEqual([`file-${index}.txt`]);
    expect(await octo.git("show", `${branch?.branch}:file-${index}.txt`)).toBe(String(index));
  }
  const { checks } = await octo.client.call("check_host", { name: hostId("alpha") }, { timeoutMs: 120_000 });
  expect(checks.filter(({ outcome }) => outcome === "fail")).toEqual([]);
  expect(checks.find(({ step }) => step === "opencode")?.message).toMatch(/^1\.18\./);
}

/** What a pane in a host's domain runs is the real OpenCode's TUI, on the task's session. */
export async function expectRealDomainPane(): Promise<void> {
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
}
