import { rmSync, statfsSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OctoWorld, octoWorld } from "../helpers/octo-world";
import { canMountDisks, type SmallDisk, smallDisk } from "../helpers/small-disk";
import { ended, newMark, refused, spawned, submit, taskOf, until, waitsFor } from "./tasks";

const megabyteBytes = 1024 * 1024;

describe.skipIf(!(await canMountDisks()))("on a disk that gets full", () => {
  let disk: SmallDisk;
  let world: OctoWorld;
  beforeAll(async () => {
    disk = await smallDisk(96 * megabyteBytes);
    // The servers' own databases are elsewhere: what a server does on a full disk is not octo's to say.
    world = await octoWorld({ environment: { XDG_STATE_HOME: disk.path }, config: { opencode: { database: "user" } } });
    await spawned(world);
  });
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
    await disk[Symbol.asyncDispose]();
  });

  const filler = () => join(disk.path, "filler");
  const fillDisk = (): void => {
    const { bavail, bsize } = statfsSync(disk.path);
    writeFileSync(filler(), Buffer.alloc(bavail * bsize));
    expect(statfsSync(disk.path).bavail).toBe(0);
  };

  test("what was accepted is kept and ends, new work is refused with a code, and accepted again once there is space", async () => {
    const file = join(world.folder, newMark());
    const running = await submit(world, `${waitsFor(file)} [[say:through]]`, { directory: world.folder, isolation: "in-place" });
    await until(world, running, ({ detail }) => expect(detail).toBe("works"));
    const queued = await submit(world, "[[say:later]]", { after: [running.id] });
    fillDisk();
    expect(await refused(submit(world, "[[say:never]]"))).toMatchObject({
      code: "STORE_FULL",
      message: expect.stringContaining("MB free"),
    });

    await world.startBridge();
    expect(await taskOf(world, queued.id)).toMatchObject({ state: "queued" });
    expect(await refused(submit(world, "[[say:never]]"))).toMatchObject({ code: "STORE_FULL" });
    await writeFile(file, "");
    expect(await ended(world, running)).toMatchObject({ text: "through", attempts: [{ outcome: "succeeded" }] });

    rmSync(filler());
    await ended(world, queued);
    expect((await ended(world, await submit(world, "[[say:again]]"))).text).toBe("again");
  });
});
