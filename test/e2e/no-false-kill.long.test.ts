import { readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { InstanceView } from "../../shared/instance";
import type { Fault } from "../fakes/opencode-server/faults";
import { controlFake } from "../helpers/fake-control";
import { type OctoWorld, octoWorld } from "../helpers/octo-world";
import { ended, instances, newMark, spawned, submit, until, waitsFor } from "./tasks";

// A busy server is never killed for slowness: death is a process that ended, or long silence without any CPU used. The times are
// those of the real policy (90 s of silence), so this takes two minutes.

/** Past the longest silence that the policy bears. */
const watchMs = 125_000;

let world: OctoWorld;
beforeAll(async () => {
  world = await octoWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

test("a server whose health takes 12 s, and one that only sends heartbeats, are left alone", { timeout: 240_000 }, async () => {
  const slow = await spawned(world);
  const deaf = await spawned(world);
  await trouble(slow, { kind: "heartbeats-stopped" }, { kind: "health-delayed", delayMs: 12_000 });
  await trouble(deaf, { kind: "health-silent" });
  const file = `${world.folder}/go`;
  const tasks = [];
  for (const { id } of [slow, deaf]) {
    const prompt = `[[task:${newMark()}]] ${waitsFor(file)} [[say:done]]`;
    tasks.push(await submit(world, prompt, { filter: { instances: [id] } }));
  }
  for (const task of tasks) await until(world, task, ({ detail }) => expect(detail).toBe("works"));
  const endAtMs = performance.now() + watchMs;
  while (performance.now() < endAtMs) {
    const now = await instances(world);
    expect(now.map(({ pid, incarnation }) => ({ pid, incarnation }))).toEqual(
      [slow, deaf].map(({ pid, incarnation }) => ({ pid, incarnation })),
    );
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  await writeFile(file, "");
  for (const task of tasks) expect((await ended(world, task)).attempts).toHaveLength(1);
});

async function trouble(instance: InstanceView, ...faults: readonly Fault[]): Promise<void> {
  const environment = await readFile(`/proc/${instance.pid}/environ`, "utf8");
  const password = /OPENCODE_SERVER_PASSWORD=([^\0]*)/.exec(environment)?.[1] ?? "";
  const fake = controlFake({ url: `http://127.0.0.1:${instance.port}`, password });
  for (const fault of faults) await fake.fault(fault);
}
