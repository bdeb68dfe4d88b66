import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { octoFolders } from "../../bridge/folders";
import { octoVersion } from "../../bridge/version";
import { eventually } from "../helpers/eventually";
import { builtVersions, type OctoVersion } from "../helpers/octo-version";
import { type OctoWorld, octoWorld } from "../helpers/octo-world";
import { first, oneAsk, spawned, submit, until } from "./tasks";

// The log of a bridge that `octo up` has started.

const secret = "planted-in-env-1234";
const bytesMax = 64 * 1024;
let built: OctoVersion;
let world: OctoWorld;
const octo = (...args: string[]) => built.run(args, world.environment, world.repository);

beforeAll(async () => {
  built = first(await builtVersions([{ version: `${octoVersion}-logs` }]));
  world = await octoWorld({ start: false });
});
afterAll(async () => {
  await octo("down", "--all");
  await world[Symbol.asyncDispose]();
  await built[Symbol.asyncDispose]();
});

const lineSchema = z.looseObject({ time: z.string(), msg: z.string() });

/** The lines about one thing, by the name of its field. */
async function told(field: string, id: string) {
  const { stdout } = await octo("logs", "bridge", "--lines", "1000");
  return stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => lineSchema.parse(JSON.parse(line)))
    .filter((line) => line[field] === id);
}

test("tells one line an event with ids and no secret, and keeps its file under the limit", { timeout: 60_000 }, async () => {
  const { logFile } = octoFolders(world.environment);
  const told0 = `${"x".repeat(bytesMax)}\n`;
  await mkdir(dirname(logFile), { recursive: true, mode: 0o700 });
  await writeFile(logFile, told0, { mode: 0o600 });
  const { command, environment } = world.openCode;
  const chatty = ["sh", "-c", 'echo "the key is $CONFIG_API_KEY" >&2; exec "$@"', "sh", ...command];
  await world.configure({
    opencode: { command: chatty, env: { ...environment, CONFIG_API_KEY: secret } },
    logs: { bytesMax, filesMax: 1 },
  });
  expect(await octo("up")).toMatchObject({ exitCode: 0 });

  const { id } = await spawned(world);
  const task = await submit(world, `[[ask:echo ${secret}]] [[say:done]]`);
  const ask = await oneAsk(world, task);
  await world.client.call("answer_ask", { askId: ask.id, answer: { kind: "allow", scope: "once" } });
  await until(world, task, ({ state }) => expect(state).toBe("succeeded"));

  const ofTask = await eventually(async () => {
    const lines = await told("task", task.id);
    expect(lines.map(({ msg }) => msg)).toEqual(["task.submitted", "task.started", "ask.opened", "ask.answered", "task.succeeded"]);
    return lines;
  });
  expect(ofTask.at(-1)).toMatchObject({ instance: id, attempts: 1, session: expect.stringMatching(/^ses/) });
  expect(ofTask[2]).toMatchObject({ ask: ask.id, asks: "permission", attempt: 1 });
  const states = (await told("instance", id)).map(({ msg }) => msg).filter((msg) => msg.startsWith("instance."));
  expect([states[0], states.at(-1)]).toEqual(["instance.starting", "instance.ready"]);

  expect(await readFile(`${logFile}.1`, "utf8")).toBe(told0);
  expect((await stat(logFile)).size).toBeLessThanOrEqual(bytesMax);
  expect(await readFile(logFile, "utf8")).not.toContain(secret);
  expect((await octo("logs", id)).stdout).toContain("the key is (secret)");
});
