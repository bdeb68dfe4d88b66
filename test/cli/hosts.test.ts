import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AddHostParams, HostView } from "../../shared/host";
import type { HostId } from "../../shared/ids";
import type { TempFolder } from "../helpers/temp-folder";
import { builtOcto, octo } from "./octo";

let built: TempFolder;
beforeAll(async () => {
  built = await builtOcto();
});
afterAll(() => built[Symbol.asyncDispose]());

const alpha: HostView = {
  name: "alpha" as HostId,
  address: "build.example",
  user: "ann",
  labels: ["gpu"],
  paths: {},
  domain: "none",
  onPartition: "wait",
  link: "unreachable",
  linkAgeMs: 125_000,
  error: { code: "HOST_UNREACHABLE", message: "no route\u001b[31m" },
  figures: {
    ageMs: 130_000,
    roundTripMs: 12.3,
    load: 1.5,
    cores: 8,
    memoryFreeBytes: 2 ** 33,
    memoryTotalBytes: 2 ** 34,
    diskFreeBytes: 2 ** 35,
  },
};

describe("octo hosts", () => {
  test("lists each with the age of what is known, and no sequence of a terminal", async () => {
    await using program = await octo(built);
    program.service.script({ list_hosts: async () => ({ hosts: [alpha] }) });
    const { stdout } = await program.run(["hosts"]);
    expect(stdout).toMatch(
      /alpha +ann@build\.example +unreachable +2m +12\.3 ms +1\.5\/8 +8\.0 GiB +32\.0 GiB +2m +gpu HOST_UNREACHABLE: no route\n/,
    );
    expect(JSON.parse((await program.run(["hosts", "list", "--json"])).stdout)).toMatchObject({ hosts: [{ name: "alpha" }] });
  });

  test("add gives all that was said to the bridge", async () => {
    await using program = await octo(built);
    const given: AddHostParams[] = [];
    program.service.script({
      add_host: async (params) => {
        given.push(params);
        return { host: alpha, instances: [] };
      },
    });
    const options = [
      "--port",
      "2222",
      "--label",
      "gpu",
      "--slots",
      "8",
      "--path",
      "site=~/site",
      "--domain",
      "mux",
      "--on-partition",
      "move",
    ];
    expect((await program.run(["hosts", "add", "alpha", "ann@build.example", ...options])).stdout).toContain("octo hosts check alpha");
    expect(given).toEqual([
      {
        ...{ name: "alpha", address: "build.example", user: "ann", port: 2222, labels: ["gpu"], slots: 8 },
        ...{ paths: { site: "~/site" }, domain: "mux", onPartition: "move" },
      },
    ]);
    expect((await program.run(["hosts", "add", "alpha", "x", "--path", "nonsense"])).code).toBe(2);
  });

  test("check says what to do, and fails where a step does", async () => {
    await using program = await octo(built);
    const error = { code: "HOST_AUTH_REFUSED", message: "Permission denied" } as const;
    program.service.script({
      check_host: async () => ({
        checks: [
          { step: "name", outcome: "ok", message: "ann@build.example:22 is 10.0.0.1" },
          { step: "key", outcome: "fail", message: error.message, error },
          { step: "shell", outcome: "skipped", message: "an earlier step failed" },
        ],
      }),
    });
    const { code, stdout } = await program.run(["hosts", "check", "alpha"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/name +ok +ann@.*\nkey +fail +Permission denied\n +HOST_AUTH_REFUSED: Put your public key on the host/);
  });

  test("remove names what is unknown", async () => {
    await using program = await octo(built);
    const { code, stderr } = await program.run(["hosts", "remove", "../x"]);
    expect(code).toBe(2);
    expect(stderr).toContain("REQUEST_INVALID");
  });
});

test.each([
  [["run", "--colour"], "octo run --help"],
  [["hosts", "add"], "octo hosts add --help"],
  [["hosts", "list", "x"], "octo hosts list --help"],
  [["rnu"], "octo --help"],
] as const)("a wrong use of %j names the help that lists what is right", async (args, help) => {
  await using program = await octo(built, { serve: false });
  const { code, stderr } = await program.run(args);
  expect({ code, last: stderr.trimEnd().split("\n").at(-1) }).toEqual({ code: 2, last: expect.stringContaining(`(${help} lists`) });
});
