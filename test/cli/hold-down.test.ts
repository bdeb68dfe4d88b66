import { afterAll, beforeAll, expect, test } from "vitest";
import type { TempFolder } from "../helpers/temp-folder";
import { builtOcto, octo } from "./octo";

let built: TempFolder;
beforeAll(async () => {
  built = await builtOcto();
});
afterAll(() => built[Symbol.asyncDispose]());

test("up --auto starts a bridge, but none after octo down until a person says up", async () => {
  await using program = await octo(built, { serve: false });
  const auto = async () => program.run(["up", "--auto", "--json"]);
  try {
    expect(await auto()).toMatchObject({ code: 0 });
    await program.run(["down"]);
    expect(await auto()).toMatchObject({ code: 3 });
    expect(JSON.parse((await auto()).stdout)).toEqual({ started: false, heldDown: true });
    expect((await program.run(["up", "--auto"])).stdout).toMatch(/stays down.*octo up/);
    expect((await program.run(["status"])).code).toBe(3);

    expect((await program.run(["up"])).code).toBe(0);
    expect(await auto()).toMatchObject({ code: 0, stdout: expect.stringContaining('"started": false') });
  } finally {
    await program.run(["down"]);
  }
});

test("down holds a bridge down that does not even run; submit ends that", async () => {
  await using program = await octo(built, { serve: false });
  try {
    await program.run(["down"]);
    expect((await program.run(["up", "--auto"])).code).toBe(3);
    expect(await program.run(["submit", "x"])).toMatchObject({ code: 0 });
    expect((await program.run(["up", "--auto"])).code).toBe(0);
  } finally {
    await program.run(["down"]);
  }
});
