import { join } from "node:path";
import { expect } from "vitest";
import type { AskView } from "../../shared/ask";
import type { TaskView } from "../../shared/task";
import { eventually } from "../helpers/eventually";
import type { GuiWorld } from "../plugin/gui-world";
import { openAsks, type Surface } from "./ask-surfaces";
import { ended, newMark, submit } from "./tasks";

/** What the four that ask want, each another thing. */
function askingPrompts(outside: string): readonly string[] {
  return [
    "[[ask:echo allowed]] [[say:done]]",
    `[[write:${outside}|from afar]] [[say:done]]`,
    "[[question:Which colour?|Blue|Red]] [[say:done]]",
    "[[child:[[ask:echo from a child]] [[say:a part]]]] [[say:done]]",
  ];
}

/**
 * Twelve tasks of which four ask. The bridge is killed while all four wait, and the next one answers through the surface: everything
 * succeeds in its first attempt, and the trail names the surface. No TUI is attached to any of them.
 */
export async function expectAllAnswered(guis: GuiWorld, surface: Surface, round: number): Promise<void> {
  const { world } = guis;
  const outside = join(world.folder, `outside-${round}`, "note.txt");
  const asking: TaskView[] = [];
  const others: TaskView[] = [];
  for (const prompt of askingPrompts(outside)) {
    asking.push(await submit(world, `[[task:${newMark()}]] ${prompt}`));
    for (let more = 0; more < 2; more += 1) others.push(await submit(world, `[[task:${newMark()}]] [[say:no question]]`));
  }
  const before = await allAsked(guis, asking);
  for (const other of others) await ended(world, other);

  // As by SIGKILL, and not one of them is asked anew.
  await world.startBridge();
  const after = await allAsked(guis, asking);
  expect(after.map(outline)).toEqual(before.map(outline));

  await surface.answerAll(guis);
  for (const task of asking) expect((await ended(world, task)).attempts).toMatchObject([{ outcome: "succeeded" }]);
  await expectAudited(guis, surface, asking, before);
}

function allAsked({ world }: GuiWorld, asking: readonly TaskView[]): Promise<readonly AskView[]> {
  return eventually(
    async () => {
      const asks = await openAsks(world);
      expect(asks.map(({ taskId }) => taskId).sort()).toEqual(asking.map(({ id }) => id).sort());
      return asks;
    },
    { timeoutMs: world.openCode.patienceMs },
  );
}

function outline({ id, askedAtEpochMs, content, taskTitle, instanceName, host }: AskView) {
  return { id, askedAtEpochMs, content, taskTitle, instanceName, host };
}

async function expectAudited({ world }: GuiWorld, { by }: Surface, asking: readonly TaskView[], asks: readonly AskView[]): Promise<void> {
  for (const { id } of asking) {
    const { entries } = await world.client.call("list_audit", { taskId: id });
    const ask = asks.find(({ taskId }) => taskId === id);
    const answer = ask?.content.kind === "question" ? { kind: "answers", answers: [["Blue"]] } : { kind: "allow", scope: "once" };
    expect(entries).toMatchObject([{ askId: ask?.id, content: ask?.content, by, answer, confirmed: true }]);
  }
}
