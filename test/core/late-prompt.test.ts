import { expect, test } from "vitest";
import { a, finish, one, reach, ready, submit, usage } from "./steps";
import { World } from "./world";

function cancelled(stage: Parameters<typeof reach>[2]): World {
  const world = new World();
  ready(world, a);
  submit(world, one);
  reach(world, one, stage);
  world.send({ kind: "task-cancel-requested", taskId: one });
  world.answer(one, { kind: "turn-aborted" });
  return world;
}

/** The server knows of no turn; the abort is sent again a second later. */
function hearsNothing(world: World): readonly string[] {
  world.answer(one, { kind: "turn-inspected", report: { kind: "absent" } });
  if (world.stage(one) !== "aborting") return [];
  return world.advance(1_000).map(({ kind }) => kind);
}

test("aborts again and again while a prompt that nobody saw begin may still arrive, and only then ends the task", () => {
  const world = cancelled("accepted");
  for (let second = 0; second < 6; second += 1) {
    expect(hearsNothing(world)).toEqual(["abort-turn"]);
    world.answer(one, { kind: "turn-aborted" });
  }
  hearsNothing(world);
  finish(world, one);
  expect(world.stage(one)).toBe("cancelled");
});

test("ends a turn that began after the first abort had found nothing", () => {
  const world = cancelled("accepted");
  hearsNothing(world);
  world.answer(one, { kind: "turn-aborted" });
  world.answer(one, { kind: "turn-inspected", report: { kind: "running" } });
  world.advance(500);
  world.answer(one, { kind: "turn-aborted" });
  world.answer(one, { kind: "turn-inspected", report: { kind: "ended", outcome: { kind: "aborted" }, text: "", usage: usage(1) } });
  finish(world, one);
  expect(world.stage(one)).toBe("cancelled");
});

test("waits for no late prompt where the turn was seen", () => {
  const world = cancelled("started");
  hearsNothing(world);
  expect(world.stage(one)).toBe("collecting");
});
