import { once } from "node:events";
import { chown, mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { httpCall } from "../../bridge/cli/http-call";
import { nextStep } from "../../shared/errors";
import { routes } from "../../shared/protocol";
import { taskId } from "../fakes/samples";
import { builtBridge } from "../helpers/built-program";
import { type OctoWorld, octoWorld } from "../helpers/octo-world";
import { ended, refused, spawned, submit } from "./tasks";

// Every mistake gets a code and a sentence, and what was there before goes on.

let world: OctoWorld;
beforeAll(async () => {
  world = await octoWorld();
  await spawned(world);
});
afterAll(async () => {
  // After all of it, it still works.
  await ended(world, await submit(world, "[[say:done]]"));
  expect((await world.client.call("list_tasks", {})).tasks.every(({ state }) => state !== "queued")).toBe(true);
  await world[Symbol.asyncDispose]();
});

const sentence = expect.stringMatching(/\S+ \S+/);

describe("refused with a code and a sentence", () => {
  test("an unknown task, in every call that takes one", async () => {
    const { id } = await ended(world, await submit(world, "[[say:known]]"));
    const unknown = { taskId: taskId(id.replace(/^tsk_/, "").replace(/.$/, (last) => (last === "2" ? "3" : "2"))) };
    for (const method of ["get_task", "why_task", "task_diff", "task_transcript", "cancel_task", "retry_task"] as const) {
      expect(await refused(world.client.call(method, unknown)), method).toMatchObject({ code: "TASK_UNKNOWN", message: sentence });
    }
    expect(await refused(world.client.call("reply_task", { ...unknown, prompt: "x" }))).toMatchObject({ code: "TASK_UNKNOWN" });
  });

  test.for([
    ["no JSON", "{", "REQUEST_INVALID"],
    ["no object", "[]", "REQUEST_INVALID"],
    ["another protocol", JSON.stringify({ protocol: 999, requestId: "r1", method: "get_status", params: {} }), "PROTOCOL_MISMATCH"],
    ["an unknown method", JSON.stringify({ protocol: 1, requestId: "r2", method: "fly", params: {} }), "METHOD_UNKNOWN"],
    ["a body over 2 MB", JSON.stringify({ prompt: "x".repeat(2_200_000) }), "REQUEST_TOO_LARGE"],
  ] as const)("%s", async ([, body, code]) => {
    const answer = await httpCall({ socketPath: world.client.socketPath, method: "POST", path: routes.rpc, body, timeoutMs: 10_000 });
    expect(answer).toMatchObject({ ok: false, error: { code, message: sentence, next: sentence } });
  });

  test.for([
    ["a prompt of 2 MB", () => ({ prompt: "x".repeat(2 * 1024 * 1024 - 1_000) }), "PROMPT_TOO_LARGE"],
    ["an empty prompt", () => ({ prompt: " \n" }), "PROMPT_EMPTY"],
    ["a folder that does not exist", () => ({ directory: join(world.folder, "nowhere") }), "DIRECTORY_MISSING"],
    ["a relative folder", () => ({ directory: "here" }), "REQUEST_INVALID"],
    ["a folder that is no repository", () => ({ directory: world.home }), "DIRECTORY_NOT_REPOSITORY"],
    [
      "a missing folder in place",
      () => ({ directory: join(world.folder, "nowhere"), isolation: "in-place" }) as const,
      "DIRECTORY_MISSING",
    ],
    ["an attachment that is not there", () => ({ attachments: [join(world.folder, "nothing.txt")] }), "ATTACHMENT_UNREADABLE"],
  ] as const)("%s", async ([, params, code]) => {
    const error = await refused(submit(world, "[[say:never]]", params()));
    expect(error).toMatchObject({ code, message: sentence });
    expect(nextStep({ code, message: "" })).toMatch(/\S+ \S+/);
  });

  test("a repository without a commit", async () => {
    const directory = join(world.folder, "empty");
    await execa("git", ["init", "--quiet", directory]);
    expect(await refused(submit(world, "[[say:never]]", { directory }))).toMatchObject({ code: "REPOSITORY_EMPTY" });
  });

  test("a port that is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const error = await refused(world.client.call("spawn_opencode_server", { port }));
    expect(error).toMatchObject({ code: "PORT_TAKEN", message: expect.stringContaining(String(port)) });
    expect((await world.client.call("list_opencode_servers", {})).instances).toHaveLength(1);
    other.close();
  });
});

describe("a task that fails says why", () => {
  test.for([
    ["model", { model: "standin/nothing" }, "MODEL_UNKNOWN"],
    ["agent", { agent: "nobody" }, "AGENT_UNKNOWN"],
  ] as const)("for an unknown %s, after one attempt", async ([, params, code]) => {
    const end = await ended(world, await submit(world, "[[say:never]]", params), "failed");
    expect(end).toMatchObject({ error: { code, message: expect.stringContaining(Object.values(params)[0] ?? "") }, attempts: [{}] });
    expect(end.attempts).toHaveLength(1);
  });

  test("for a project whose opencode.json is broken, without a harm to others", async () => {
    const directory = join(world.folder, "broken");
    await world.git("clone", "--quiet", world.repository, directory);
    await writeFile(join(directory, "opencode.json"), "{ no json");
    const end = await ended(world, await submit(world, "[[say:never]]", { directory, withChanges: true }), "failed");
    expect(end.error).toMatchObject({ code: "OPENCODE_PROJECT_CONFIG_BROKEN", message: expect.stringContaining("opencode.json") });
  });
});

describe("the bridge does not start, and says why", () => {
  const start = async (environment: Readonly<Record<string, string>>): Promise<string> => {
    const options = { env: { ...world.environment, ...environment }, extendEnv: false, reject: false, timeout: 15_000 } as const;
    const { exitCode, stdout } = await execa(process.execPath, [await builtBridge()], options);
    expect(exitCode).toBe(1);
    return stdout;
  };

  test.for([
    ["is no JSON", '{ "tasks": ', /CONFIG_INVALID.*config\.json:1/],
    ["has an unknown field", '{ "tusks": {} }', /CONFIG_INVALID.*tusks/],
    ["has a value out of range", '{ "instances": { "slots": 0 } }', /CONFIG_INVALID.*instances\.slots/],
  ] as const)("with a config.json that %s", async ([, text, told]) => {
    const home = join(world.folder, "other");
    await mkdir(join(home, "octo"), { recursive: true });
    await writeFile(join(home, "octo/config.json"), text);
    expect(await start({ XDG_CONFIG_HOME: home, XDG_RUNTIME_DIR: home, XDG_STATE_HOME: home })).toMatch(told);
  });

  test.skipIf(process.getuid?.() !== 0)("with a state folder of another user", async () => {
    const state = join(world.folder, "foreign");
    await mkdir(join(state, "octo"), { recursive: true });
    await chown(join(state, "octo"), 65_534, 65_534);
    expect(await start({ XDG_STATE_HOME: state, XDG_RUNTIME_DIR: state })).toMatch(/STATE_FOLDER_FOREIGN.*65534/);
  });

  test("with a socket path that is too long", async () => {
    expect(await start({ XDG_RUNTIME_DIR: join(world.folder, "x".repeat(100)) })).toContain("SOCKET_PATH_TOO_LONG");
  });
});
