import { writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { eventually } from "../helpers/eventually";
import type { OctoWorld } from "../helpers/octo-world";
import { ended, instances, newMark, submit, until, waitsFor } from "./tasks";

/** What a killed bridge leaves behind goes on, and the next one takes it over. On any OpenCode, in a world of its own. */
export function adoptionPromises(worldOf: () => OctoWorld, timeoutMs: number): void {
  test("a bridge killed while eight tasks run on two servers leaves them alone, and the next one adopts both", {
    timeout: timeoutMs,
  }, async () => {
    const world = worldOf();
    await world.client.call("spawn_opencode_server", { count: 2 });
    await allReady(world);
    const before = await instances(world);
    const file = `${world.folder}/go`;
    const marks = Array.from({ length: 8 }, newMark);
    const tasks = [];
    for (const mark of marks) {
      tasks.push(await submit(world, `[[task:${mark}]] [[ensure:${mark}.txt|${mark}]] ${waitsFor(file)} [[say:${mark} is done]]`));
    }
    for (const task of tasks) await until(world, task, ({ detail }) => expect(detail).toBe("works"));
    const used = new Set((await world.client.call("list_tasks", {})).tasks.map(({ instanceId }) => instanceId));
    expect(used.size).toBe(2);

    await world.bridge().kill();
    const killedAtMs = performance.now();
    await world.startBridge();
    const after = await allReady(world);
    console.log(
      `octo answered and both servers were adopted ${Math.round(performance.now() - killedAtMs)} ms after the bridge was started again`,
    );
    expect(after.map(({ id, pid, incarnation }) => ({ id, pid, incarnation }))).toEqual(
      before.map(({ id, pid, incarnation }) => ({ id, pid, incarnation })),
    );

    await writeFile(file, "");
    for (const [index, task] of tasks.entries()) {
      const mark = marks[index] ?? "";
      const end = await ended(world, task);
      expect(end).toMatchObject({ text: `${mark} is done`, attempts: [{ outcome: "succeeded" }], branch: { files: [`${mark}.txt`] } });
      expect(await world.openCode.turns(mark)).toBe(1);
    }
  });
}

function allReady(world: OctoWorld) {
  return eventually(
    async () => {
      const all = await instances(world);
      expect(all.map(({ state }) => state)).toEqual(["ready", "ready"]);
      return all;
    },
    { timeoutMs: world.openCode.patienceMs },
  );
}
