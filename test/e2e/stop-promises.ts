import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { expectGone } from "../helpers/census";
import { eventually } from "../helpers/eventually";
import type { OctoWorld } from "../helpers/octo-world";
import { instanceIn, submit, taskOf } from "./tasks";

/** "Stop leaves no process behind", on any OpenCode. */
export function stopPromises(make: () => Promise<OctoWorld>): void {
  test("stop and down --all leave no process behind, tools that ignore SIGTERM included", { timeout: 120_000 }, async () => {
    await using world = await make();
    const sleeps = await beginSleeps(world);
    const { id, port } = await instanceIn(world, "ready");
    await world.client.call("stop_instance", { instanceId: id });
    await instanceIn(world, "stopped", id);
    await world.expectNoServers();
    await expectGone(sleeps);

    await world.client.call("restart_instance", { instanceId: id });
    expect(await instanceIn(world, "ready", id)).toMatchObject({ port });
    const again = await beginSleeps(world);
    await world.client.call("shut_down", { all: true }, { timeoutMs: 60_000 });
    expect(await world.bridge().ended).toBe(0);
    await world.expectNoServers();
    await expectGone(again);
  });
}

/** A tool that sleeps, and one with a child in a group of its own that is deaf to SIGTERM; gives the pids of all, once they run. */
async function beginSleeps(world: OctoWorld): Promise<readonly number[]> {
  const file = `${world.folder}/pids-${performance.now()}`;
  const child = `trap '' TERM; echo $BASHPID >> ${file}; sleep 300; sleep 300`;
  const polite = await submit(world, `[[bash:echo $$ >> ${file}; sleep 300]]`);
  const deaf = await submit(world, `[[bash:set -m; (${child}) & echo $$ >> ${file}; trap '' TERM; wait; sleep 300]]`);
  const pids = await eventually(
    async () => {
      const found = (await readFile(file, "utf8")).split("\n").filter(Boolean).map(Number);
      expect(found).toHaveLength(3);
      return found;
    },
    { timeoutMs: world.openCode.patienceMs },
  );
  for (const { id } of [polite, deaf]) expect(await taskOf(world, id)).toMatchObject({ state: "running" });
  return pids;
}
