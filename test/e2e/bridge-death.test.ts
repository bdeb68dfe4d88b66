import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { InstanceView } from "../../shared/instance";
import { expectGone } from "../helpers/census";
import { eventually } from "../helpers/eventually";
import { type OctoWorld, octoWorld } from "../helpers/octo-world";
import type { ProxyControl } from "../helpers/proxy-control";
import { expectOneTurn, instanceIn, instances, newMark, oneAsk, spawned, submit, until, untilState, waitsFor } from "./tasks";

// SIGKILL for the bridge in each phase of an attempt: the next one adopts the server and ends what was begun, in one attempt and one turn.

let world: OctoWorld;
let server: InstanceView;
let proxy: ProxyControl;
let mark = "";
let file = "";

beforeAll(async () => {
  world = await octoWorld({ proxied: true });
  server = await spawned(world);
  proxy = world.proxy(server.port);
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => {
  mark = newMark();
  file = `${world.folder}/${mark}`;
});

const held = () => eventually(async () => expect((await proxy.counts()).held).toBe(1), { timeoutMs: 10_000 });

/** The next bridge finds the same server, of the same start. */
async function nextBridge(): Promise<void> {
  await world.startBridge();
  expect(await instanceIn(world, "ready")).toMatchObject({ pid: server.pid, incarnation: server.incarnation });
}

describe("a bridge that is killed", () => {
  test("while it prepares the worktree", async () => {
    await world.gitGate.closeFor("worktree");
    const task = await submit(world, `[[task:${mark}]] [[write:new.txt|new]]`, { directory: await otherRepository() });
    const git = await world.gitGate.reached();
    expect(await until(world, task, () => undefined)).toMatchObject({ detail: "prepares the worktree" });
    await world.startBridge();
    await expectGone([git]);
    await world.gitGate.open();
    expect(await expectOneTurn(world, task, mark)).toMatchObject({ branch: { files: ["new.txt"] } });
  });

  test("while it opens the session", async () => {
    await proxy.trouble("hold-answer", "/session");
    const task = await submit(world, `[[task:${mark}]] [[say:done]]`);
    await held();
    await nextBridge();
    await proxy.release();
    await expectOneTurn(world, task, mark);
  });

  test("while it sends the prompt", async () => {
    await proxy.trouble("hold-request", "/prompt_async");
    const task = await submit(world, `[[task:${mark}]] ${waitsFor(file)}`);
    await held();
    await nextBridge();
    await proxy.release();
    await writeFile(file, "");
    await expectOneTurn(world, task, mark);
  });

  test("while the turn works", async () => {
    const task = await submit(world, `[[task:${mark}]] ${waitsFor(file)} [[write:new.txt|new]]`);
    await until(world, task, ({ detail }) => expect(detail).toBe("works"));
    await nextBridge();
    await writeFile(file, "");
    expect(await expectOneTurn(world, task, mark)).toMatchObject({ branch: { files: ["new.txt"] } });
  });

  test("and stays away until the turn has ended", async () => {
    const task = await submit(
      world,
      `[[task:${mark}]] [[bash:touch ${file}.begun]] ${waitsFor(file)} [[bash:touch ${file}.ended]] [[say:done]]`,
    );
    await eventually(() => expect(existsSync(`${file}.begun`)).toBe(true));
    await world.bridge().kill();
    await writeFile(file, "");
    await eventually(() => expect(existsSync(`${file}.ended`)).toBe(true));
    await nextBridge();
    expect(await expectOneTurn(world, task, mark)).toMatchObject({ text: "done" });
  });

  test.for([
    ["the task's own session", (own: string) => own],
    ["a child session", (own: string) => `[[child:${own}]]`],
  ] as const)("while a person is asked by %s", async ([, place]) => {
    const task = await submit(world, `[[task:${mark}]] ${place(`[[ask:touch ${file}]]`)} [[say:done]]`);
    const asked = await oneAsk(world, task);
    await nextBridge();
    expect(await oneAsk(world, task)).toEqual({ ...asked, askedAtEpochMs: expect.any(Number) });
    await untilState(world, task, "waiting");
    await world.client.call("answer_ask", { askId: asked.id, answer: { kind: "allow", scope: "once" } });
    await expectOneTurn(world, task, mark);
    expect(existsSync(file)).toBe(true);
    expect((await world.client.call("list_asks", {})).asks).toEqual([]);
  });

  test("while it commits the work", async () => {
    await world.gitGate.closeFor("commit");
    const task = await submit(world, `[[task:${mark}]] [[write:new.txt|new]]`);
    await world.gitGate.reached();
    await world.startBridge();
    await world.gitGate.open();
    const { branch } = await expectOneTurn(world, task, mark);
    expect(branch?.files).toEqual(["new.txt"]);
    expect(await world.git("rev-list", "--count", `${branch?.base}..${branch?.branch}`)).toBe("1");
  });

  test("while its server starts", async () => {
    await using fresh = await octoWorld();
    const task = await submit(fresh, `[[task:${mark}]] [[say:done]]`);
    await instanceIn(fresh, "starting");
    await fresh.startBridge();
    await expectOneTurn(fresh, task, mark);
    expect(await instances(fresh)).toHaveLength(1);
  });
});

/** One whose worktree is not in the pool yet. */
async function otherRepository(): Promise<string> {
  const path = `${world.folder}/other`;
  await world.git("clone", "--quiet", world.repository, path);
  return path;
}
