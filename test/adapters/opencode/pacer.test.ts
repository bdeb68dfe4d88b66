import { expect, test } from "vitest";
import { createOpenCode } from "../../../bridge/adapters/opencode/opencode";
import { Pacer } from "../../../bridge/adapters/opencode/pacer";
import { eventually } from "../../helpers/eventually";
import { sendJson, startOddServer } from "./odd-server";

const pace = { atOnceMax: 2, perSecond: 50, burst: 10, waitingMax: 5 };
/** One a request, as in octo: Node warns where more than ten listen to the same. */
const forever = () => new AbortController().signal;

test("no more requests are under way at once than the pace allows, and each that ends lets the next one in, in order", async () => {
  const pacer = new Pacer(pace);
  const entered: number[] = [];
  const leaves: (() => void)[] = [];
  const all = Array.from({ length: 5 }, async (_, index) => {
    leaves.push(await pacer.enter(forever()));
    entered.push(index);
  });
  await eventually(() => expect(entered).toEqual([0, 1]));
  for (let turn = 0; turn < 5; turn += 1) {
    leaves[turn]?.();
    leaves[turn]?.();
    await eventually(() => expect(entered).toHaveLength(Math.min(5, turn + 3)));
  }
  await Promise.all(all);
  expect(entered).toEqual([0, 1, 2, 3, 4]);
});

test("no more requests go in a second than the pace allows", async () => {
  const pacer = new Pacer({ ...pace, waitingMax: 100 });
  const startedAtMs = performance.now();
  await Promise.all(Array.from({ length: 30 }, async () => (await pacer.enter(forever()))()));
  // Ten at once, twenty at 50 a second.
  expect(performance.now() - startedAtMs).toBeGreaterThan(350);
});

test("a request whose time is over leaves the queue, and one too many is refused", async () => {
  const pacer = new Pacer(pace);
  const leaves = [await pacer.enter(forever()), await pacer.enter(forever())];
  const deadline = new AbortController();
  const waiting = Array.from({ length: 5 }, () => pacer.enter(deadline.signal));
  await expect(pacer.enter(forever())).rejects.toMatchObject({ code: "INSTANCE_UNRESPONSIVE" });
  deadline.abort(new Error("too late"));
  for (const each of waiting) await expect(each).rejects.toThrow("too late");
  const next = pacer.enter(forever());
  for (const leave of leaves) leave();
  (await next)();
});

test("neither a health probe nor the end of a turn waits for other work, and no probe for the ends of turns, however many hang", async () => {
  const hanging = { work: 0, abort: 0 };
  let isStuck = false;
  const server = await startOddServer((request, response) => {
    const isAbort = request.url?.includes("/abort") ?? false;
    if (request.url === "/global/health") sendJson(response, { healthy: true, version: "1.18.33" });
    else if (isAbort && !isStuck) sendJson(response, true);
    else hanging[isAbort ? "abort" : "work"] += 1;
  });
  const client = createOpenCode({ requestDeadlineMs: 10_000, coldDeadlineMs: 10_000 }).connect(server.endpoint);
  const abort = (number: number) => client.abort({ directory: "/project", sessionId: `ses_${number}` });
  const asked = Array.from({ length: 40 }, (_, index) => client.models(`/project-${index}`).catch(() => undefined));
  await eventually(() => expect(hanging.work).toBe(7));
  await abort(0);
  isStuck = true;
  const aborts = Array.from({ length: 40 }, (_, index) => abort(index).catch(() => undefined));
  await eventually(() => expect(hanging.abort).toBe(4));
  expect(await client.health()).toEqual({ version: "1.18.33" });
  expect(hanging).toEqual({ work: 7, abort: 4 });
  await client.close();
  await server.close();
  await Promise.all([...asked, ...aborts]);
});
