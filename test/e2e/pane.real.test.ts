import { describe, expect, test } from "vitest";
import { quietEnvironment } from "../../bridge/demo/stand-in/config";
import { octoWorld } from "../helpers/octo-world";
import { realOpenCode } from "../helpers/real-opencode-source";
import { hasTmux } from "../helpers/tmux";
import { openPane, pressUntil } from "./pane-world";
import { ended, newMark, submit, untilState } from "./tasks";

describe.skipIf(!(await hasTmux()))("a thin pane on the real OpenCode", { timeout: 240_000 }, () => {
  test("shows what the model says, answers what it asks, and goes to OpenCode's own TUI and back", async () => {
    await using world = await octoWorld({ openCode: realOpenCode });
    const done = await ended(world, await submit(world, `[[task:${newMark()}]] [[say:a word from the model]]`));
    const [instance] = (await world.client.call("list_opencode_servers", {})).instances;
    if (!instance) throw new Error("no instance");
    await using terminal = await openPane(world, {
      target: instance.id,
      columns: 100,
      rows: 30,
      environment: { ...quietEnvironment() },
    });
    await terminal.until("a word from the model");

    await pressUntil(terminal, "Enter", "open its session", { not: true });
    // Its prompt line; the transcript above it.
    const tui = await terminal.until(/ctrl\+p|commands/, { timeoutMs: 90_000 });
    expect(tui).not.toContain("open its session");
    await terminal.until("a word from the model", { timeoutMs: 30_000 });
    await terminal.press("C-c");
    await terminal.until(`── ${done.id}`, { timeoutMs: 30_000 });

    const asking = await submit(world, `[[task:${newMark()}]] [[ask:echo asked]]`);
    await untilState(world, asking, "waiting");
    await pressUntil(terminal, "n", "may I");
    await pressUntil(terminal, "a", "allowed once");
    await ended(world, asking);
    await terminal.press("q");
    await terminal.until(/ended with code 0\nicanon\necho/);
  });
});
