import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { builtOcto } from "../cli/octo";
import { eventually } from "../helpers/eventually";
import { octoWorld } from "../helpers/octo-world";
import type { TempFolder } from "../helpers/temp-folder";
import { hasTmux } from "../helpers/tmux";
import { guiWorld } from "../plugin/gui-world";
import { boardSurface, cliSurface, openAsks, paneSurface } from "./ask-surfaces";
import { expectAllAnswered } from "./asks-promises";
import { ended, newMark, submit } from "./tasks";

let built: TempFolder;
beforeAll(async () => {
  built = await builtOcto();
});
afterAll(() => built[Symbol.asyncDispose]());

const audits = async (world: Awaited<ReturnType<typeof octoWorld>>) => (await world.client.call("list_audit", {})).entries;

describe.skipIf(!(await hasTmux()))("what agents ask", () => {
  test("is answered from the command line, panes and the board after the bridge was killed in between", { timeout: 120_000 }, async () => {
    await using guis = await guiWorld({ config: { instances: { slots: 6 } } });
    const surfaces = [cliSurface(built.path), paneSurface, boardSurface(built.path)];
    for (const [round, surface] of surfaces.entries()) await expectAllAnswered(guis, surface, round);
  });
});

test("a rule answers without a person, and the trail names it", { timeout: 60_000 }, async () => {
  const rules = [
    { permission: "bash", pattern: "command rm *", action: "deny" },
    { permission: "bash", pattern: "command *", action: "allow" },
  ];
  await using world = await octoWorld({ config: { asks: { rules } } });
  await ended(world, await submit(world, `[[task:${newMark()}]] [[ask:echo yes]] [[say:done]]`));
  await ended(world, await submit(world, `[[task:${newMark()}]] [[ask:rm a.txt]] [[say:done]]`));
  expect(await audits(world)).toMatchObject([
    { by: { kind: "rule", rule: "rule 1 (bash: command rm *)" }, answer: { kind: "deny" }, confirmed: true },
    { by: { kind: "rule", rule: "rule 2 (bash: command *)" }, answer: { kind: "allow", scope: "once" }, confirmed: true },
  ]);
});

test("what nobody answers is denied when its time is up, and the model goes on: a permission and a question", {
  timeout: 60_000,
}, async () => {
  await using world = await octoWorld({ config: { asks: { timeLimitMs: 1_500 } } });
  const permission = await submit(world, `[[task:${newMark()}]] [[ask:echo no]] [[say:went on]]`);
  const question = await submit(world, `[[task:${newMark()}]] [[question:Which?|A|B]] [[say:went on]]`);
  await eventually(async () => expect((await openAsks(world))[0]?.deniedAtEpochMs).toBeGreaterThan(Date.now() - 5_000), {
    timeoutMs: 15_000,
  });
  for (const task of [permission, question]) expect((await ended(world, task)).text).toContain("went on");
  expect((await audits(world)).map(({ by }) => by.kind)).toEqual(["time-limit", "time-limit"]);
});

test("a session gets the permissions of the configuration and of its task, the task's last", { timeout: 60_000 }, async () => {
  const permissions = [{ permission: "bash", pattern: "echo *", action: "ask" }];
  await using world = await octoWorld({ config: { tasks: { permissions } } });
  const asked = await submit(world, `[[task:${newMark()}]] [[bash:echo one]] [[say:done]]`);
  await eventually(async () => expect(await openAsks(world)).toMatchObject([{ taskId: asked.id, title: "bash: echo one" }]), {
    timeoutMs: 15_000,
  });
  const more = { permissions: [{ permission: "bash", pattern: "echo t*", action: "allow" as const }] };
  await ended(world, await submit(world, `[[task:${newMark()}]] [[bash:echo two]] [[say:done]]`, more));
  expect(await openAsks(world)).toHaveLength(1);
});
