import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { endLeftovers, ProcessSet } from "../../../bridge/adapters/opencode/launcher-leftovers";
import { createCommands } from "../../../bridge/adapters/process/commands";
import { createProcesses } from "../../../bridge/adapters/process/create-processes";
import { OctoError } from "../../../bridge/octo-error";
import type { CommandEnd, CommandRequest, Commands } from "../../../bridge/ports/commands";
import { expectNoProcessesWith, processesWith } from "../../helpers/census";
import { eventually } from "../../helpers/eventually";
import { type TempFolder, tempFolder } from "../../helpers/temp-folder";

const markName = "OCTO_TEST_COMMANDS";
const never = new AbortController().signal;

let folder: TempFolder;
let mark: string;
let commands: Commands;

function make(environment = async (): Promise<Readonly<Record<string, string>>> => ({ PATH: process.env.PATH ?? "" })): Commands {
  const processes = createProcesses(process.platform);
  return createCommands({
    cwd: folder.path,
    owner: mark,
    environment: async () => ({ ...(await environment()), [markName]: mark }),
    endMarked: (name, value) => endLeftovers(processes, new ProcessSet(), () => processes.findByEnvironment(name, value)),
    log: (message) => expect.unreachable(message),
  });
}

beforeEach(async () => {
  folder = await tempFolder();
  mark = randomUUID();
  commands = make();
});
afterEach(async () => {
  await expectNoProcessesWith(markName, mark);
  await folder[Symbol.asyncDispose]();
});

function run(command: readonly string[], more: Partial<CommandRequest> = {}, signal = never): Promise<CommandEnd> {
  return commands.run({ command, stdin: "", timeoutMs: 10_000, ...more }, signal);
}

const sh = (script: string): readonly string[] => ["sh", "-c", script];

test("gives the program its stdin, and keeps what it wrote and how it ended", async () => {
  const end = await run(sh("cat; echo to-stderr >&2; exit 3"), { stdin: '{"on":"x"}\n' });
  expect(end).toMatchObject({ outcome: "failed", detail: "exit code 3" });
  expect(end.output.split("\n").sort()).toEqual(["", "to-stderr", '{"on":"x"}']);
  expect(await run(["true"])).toMatchObject({ outcome: "succeeded", output: "" });
});

test("passes arguments as they are: nothing of them is read by a shell", async () => {
  expect((await run(["printf", "%s|", "$HOME", "a b", "'; exit 1"])).output).toBe("$HOME|a b|'; exit 1|");
});

test("says why a program does not start", async () => {
  expect(await run(["/nowhere/at/all"])).toMatchObject({ outcome: "not-started", detail: "ENOENT" });
  expect(await run([folder.path])).toMatchObject({ outcome: "not-started", detail: "EACCES" });
  commands = make(() => Promise.reject(new OctoError("CONFIG_INVALID", "no such file")));
  expect(await run(["true"])).toMatchObject({ outcome: "not-started", detail: "CONFIG_INVALID: no such file", output: "" });
  expect(await run(["with\0nul"])).toMatchObject({ outcome: "not-started" });
});

describe("ends", () => {
  test("one that hangs, at its deadline", async () => {
    expect(await run(["sleep", "60"], { timeoutMs: 200 })).toMatchObject({ outcome: "timed-out", detail: "SIGTERM" });
  });

  test("one that hangs and takes no SIGTERM, with what it started", async () => {
    const deaf = "trap '' TERM; while :; do sleep 0.1; done";
    const end = await run(sh(`(${deaf}) & ${deaf}`), { timeoutMs: 200 });
    expect(end).toMatchObject({ outcome: "timed-out", detail: "SIGKILL" });
    expect(end.durationMs).toBeLessThan(8_000);
  });

  test("one that is stopped", async () => {
    expect(await run(sh("kill -STOP $$"), { timeoutMs: 300 })).toMatchObject({ outcome: "timed-out" });
  });

  test("the children that a program leaves behind, though they hold its output open and have sessions of their own", async () => {
    const end = await run(sh("sleep 60 & setsid sleep 60 & setsid sh -c 'trap \"\" TERM HUP; sleep 60' & echo done"));
    expect(end).toMatchObject({ outcome: "succeeded", output: "done\n" });
  });

  test("all of it when the bridge stops", async () => {
    const stopping = new AbortController();
    const end = run(sh(`sleep 60 & : >'${join(folder.path, "up")}'; sleep 60`), {}, stopping.signal);
    await eventually(() => readFile(join(folder.path, "up")));
    stopping.abort();
    expect(await end).toMatchObject({ outcome: "given-up" });
    expect(await run(["true"], {}, stopping.signal)).toMatchObject({ outcome: "given-up" });
  });

  test("what an earlier bridge left running", async () => {
    const left = run(["sleep", "60"]);
    await eventually(async () => expect(await processesWith(markName, mark)).toHaveLength(1));
    await make().endLeft();
    expect(await left).toMatchObject({ outcome: "failed", detail: "SIGTERM" });
  });
});

test("keeps the beginning of a flood, and ends it by closing its pipe long before the deadline", async () => {
  const end = await run(["yes", "flood"]);
  expect(end).toMatchObject({ outcome: "failed" });
  expect(end.durationMs).toBeLessThan(8_000);
  expect(end.output).toMatch(/^flood\nflood\n/);
  expect(end.output.length).toBeLessThan(17_000);
  expect(end.output).toMatch(/more bytes not kept\]$/);
});

test("waits for no program that never reads its stdin", async () => {
  expect(await run(["true"], { stdin: "x".repeat(4 * 1024 * 1024) })).toMatchObject({ outcome: "succeeded" });
  expect(await run(["sleep", "0.3"], { stdin: "x".repeat(4 * 1024 * 1024) })).toMatchObject({ outcome: "succeeded" });
});
