import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { octoFolders } from "../../bridge/folders";
import type { TaskId } from "../../shared/ids";
import { protocolVersion } from "../../shared/protocol";
import { eventually } from "../helpers/eventually";
import { builtVersions, type OctoVersion } from "../helpers/octo-version";
import { type OctoWorld, octoWorld } from "../helpers/octo-world";
import { instances, newMark, submit, taskOf, until, waitsFor } from "./tasks";

// Two builds of octo under different versions, each as its user has it: command line and bridge.

let older: OctoVersion;
let newer: OctoVersion;
let nextProtocol: OctoVersion;

beforeAll(async () => {
  const built = await builtVersions([{ version: "0.9.0" }, { version: "0.10.0" }, { version: "1.0.0", protocol: protocolVersion + 1 }]);
  const [first, second, third] = built;
  if (!first || !second || !third) throw new Error("three versions were wanted");
  [older, newer, nextProtocol] = [first, second, third];
});
afterAll(async () => {
  for (const each of [older, newer, nextProtocol]) await each?.[Symbol.asyncDispose]();
});

/** A machine on which `octo` is run by hand. */
async function machine(
  run: (world: OctoWorld, octo: (version: OctoVersion, ...args: string[]) => ReturnType<OctoVersion["run"]>) => Promise<void>,
) {
  await using world = await octoWorld({ start: false });
  const octo = (version: OctoVersion, ...args: string[]) => version.run(args, world.environment, world.repository);
  try {
    await run(world, octo);
  } finally {
    await octo(nextProtocol, "down", "--all");
  }
}

test("octo up of a newer version takes over: work goes on where it is, and no request is lost or done twice", {
  timeout: 90_000,
}, async () => {
  await machine(async (world, octo) => {
    expect((await octo(older, "up")).stdout).toContain("version 0.9.0");
    const go = join(world.folder, "go");
    const running = await submit(world, `${waitsFor(go)} [[say:done]]`);
    await until(world, running, ({ detail }) => expect(detail).toBe("works"));
    const before = await instances(world);

    // Requests without a pause, by the older command line's own way, before, while and after the bridge changes.
    const marks: string[] = [];
    const accepted: TaskId[] = [];
    let over = false;
    const client = async (): Promise<void> => {
      while (!over) {
        const mark = newMark();
        marks.push(mark);
        accepted.push((await submit(world, `[[task:${mark}]] [[say:yes]]`, { isolation: "in-place" })).id);
      }
    };
    const clients = Promise.all([client(), client(), client()]);
    await eventually(() => expect(accepted.length).toBeGreaterThan(3));
    const up = await octo(newer, "up", "--json");
    await eventually(() => expect(accepted.length).toBeGreaterThan(6));
    over = true;
    await clients;

    expect(JSON.parse(up.stdout)).toMatchObject({ tookOverFrom: "0.9.0", bridge: { version: "0.10.0" } });
    expect((await instances(world))[0]).toMatchObject({ id: before[0]?.id, pid: before[0]?.pid, incarnation: 1 });
    await writeFile(go, "");
    const end = await until(world, running, ({ state }) => expect(state).toBe("succeeded"));
    expect(end.attempts).toHaveLength(1);
    expect(accepted).toHaveLength(marks.length);
    expect(new Set(accepted).size).toBe(marks.length);
    for (const id of accepted) await until(world, { id }, ({ state }) => expect(state).toBe("succeeded"));
    for (const mark of marks) expect(await world.openCode.turns(mark), mark).toBe(1);
    expect((await octo(newer, "up")).stdout).toContain("runs already");
  });
});

test("takes over from a bridge of an older protocol too, also when several do so at once", { timeout: 60_000 }, async () => {
  await machine(async (world, octo) => {
    await octo(older, "up");
    const { pid } = (await world.client.hello()).bridge;
    const ups = await Promise.all([1, 2, 3].map(() => octo(nextProtocol, "up", "--json")));
    expect(ups.map(({ stdout, stderr }) => (stdout.includes("error") ? stdout + stderr : ""))).toEqual(["", "", ""]);
    const bridges = ups.map(({ stdout }) => JSON.parse(stdout).bridge);
    expect(bridges.map(({ version }) => version)).toEqual(["1.0.0", "1.0.0", "1.0.0"]);
    expect((await world.client.hello({ anyProtocol: true })).bridge.pid).not.toBe(pid);
    expect(await octo(older, "tasks")).toMatchObject({ exitCode: 3, stderr: expect.stringContaining("PROTOCOL_MISMATCH") });
  });
});

test("refuses to step back, and leaves the newer bridge and its work alone", { timeout: 60_000 }, async () => {
  await machine(async (world, octo) => {
    await octo(newer, "up");
    const task = await submit(world, "[[say:yes]]");
    const { pid } = (await world.client.hello()).bridge;
    expect(await octo(older, "up")).toMatchObject({
      exitCode: 3,
      stderr: expect.stringMatching(/BRIDGE_NEWER.*the bridge is version 0\.10\.0, this octo 0\.9\.0\n.*[Uu]pdate this octo/),
    });
    expect((await world.client.hello()).bridge.pid).toBe(pid);
    expect(await taskOf(world, task.id)).toMatchObject({ id: task.id });
    // Within one protocol an older command line goes on working.
    expect((await octo(older, "tasks")).exitCode).toBe(0);
  });
});

test("an older octo refuses the database of a newer one, and keeps it as it is", { timeout: 60_000 }, async () => {
  await machine(async (world, octo) => {
    await octo(older, "up");
    await octo(older, "down");
    const file = join(octoFolders(world.environment).state, "octo.db");
    const database = new Database(file);
    database.pragma("user_version = 99");
    database.close();
    const digest = async () =>
      createHash("sha256")
        .update(await readFile(file))
        .digest("hex");
    const before = await digest();
    expect(await octo(older, "up")).toMatchObject({ exitCode: 3, stderr: expect.stringMatching(/BRIDGE_START_FAILED[\s\S]*schema 99/) });
    expect(await digest()).toBe(before);
  });
});
