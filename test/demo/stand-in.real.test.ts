import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { quietEnvironment, standInConfig } from "../../bridge/demo/stand-in/config";
import { type StandIn, startStandIn } from "../../bridge/demo/stand-in/server";
import { eventually } from "../helpers/eventually";
import { type TempFolder, tempFolder } from "../helpers/temp-folder";

const password = "stand-in-test";
const startTimeoutMs = 60_000;
const turnTimeoutMs = 30_000;

let folder: TempFolder;
let work: string;
let standIn: StandIn;
let server: ChildProcess;
let serverUrl: string;

beforeAll(async () => {
  folder = await tempFolder("stand-in");
  work = join(folder.path, "work");
  await mkdir(work);
  standIn = await startStandIn();
  const home = folder.path;
  server = spawn(join(process.cwd(), "node_modules/.bin/opencode"), ["serve", "--port", "0"], {
    cwd: work,
    stdio: ["ignore", "pipe", "ignore"],
    env: {
      PATH: process.env.PATH,
      HOME: home,
      XDG_DATA_HOME: join(home, "data"),
      XDG_STATE_HOME: join(home, "state"),
      XDG_CACHE_HOME: join(home, "cache"),
      XDG_CONFIG_HOME: join(home, "config"),
      OPENCODE_DB: join(home, "opencode.db"),
      OPENCODE_SERVER_PASSWORD: password,
      OPENCODE_CONFIG_CONTENT: JSON.stringify(standInConfig(standIn.url)),
      ...quietEnvironment(),
    },
  });
  let output = "";
  server.stdout?.on("data", (chunk) => {
    output += String(chunk);
  });
  serverUrl = await eventually(() => z.string().parse(/listening on (http:\S+)/.exec(output)?.[1]), { timeoutMs: startTimeoutMs });
}, startTimeoutMs + 5_000);

afterAll(async () => {
  if (server.exitCode === null && server.signalCode === null) {
    server.kill("SIGKILL");
    await once(server, "exit");
  }
  await standIn.stop();
  await folder[Symbol.asyncDispose]();
});

async function call(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${serverUrl}${path}?directory=${encodeURIComponent(work)}`, {
    method,
    headers: { authorization: `Basic ${btoa(`opencode:${password}`)}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(turnTimeoutMs),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

const sessionSchema = z.object({ id: z.string(), title: z.string() });
const messagesSchema = z.array(
  z.object({
    info: z.object({
      role: z.string(),
      finish: z.string().optional(),
      cost: z.number().optional(),
      error: z.object({ name: z.string() }).optional(),
      tokens: z.object({ input: z.number(), output: z.number() }).optional(),
    }),
    parts: z.array(z.object({ type: z.string(), text: z.string().optional() })),
  }),
);
const asksSchema = z.array(z.object({ id: z.string(), sessionID: z.string() }));

async function prompt(text: string, session: object = { title: "given" }): Promise<string> {
  const { id } = sessionSchema.parse(await call("POST", "/session", session));
  await call("POST", `/session/${id}/prompt_async`, { parts: [{ type: "text", text }] });
  return id;
}

/** The last message, once the turn has ended as it should. */
async function ended(session: string, finish = "stop") {
  return eventually(
    async () => {
      const last = messagesSchema.parse(await call("GET", `/session/${session}/message`)).at(-1);
      expect(last?.info).toMatchObject({ role: "assistant", finish });
      expect(await call("GET", "/session/status")).not.toHaveProperty(session);
      return { ...last?.info, text: last?.parts.map((part) => part.text ?? "").join("") };
    },
    { timeoutMs: turnTimeoutMs, intervalMs: 100 },
  );
}

/** The open ask of a session. */
function asked(path: "/permission" | "/question", session: string): Promise<string> {
  return eventually(async () => z.string().parse(asksSchema.parse(await call("GET", path)).find((ask) => ask.sessionID === session)?.id), {
    timeoutMs: turnTimeoutMs,
    intervalMs: 100,
  });
}

it("has real effects through OpenCode's own tools, for tokens and money, in one turn", { timeout: turnTimeoutMs }, async () => {
  const session = await prompt(
    "[[task:effects]] [[write:a.txt|one\\ntwo]] [[edit:a.txt|two|three]] [[ensure:a.txt|it's added]] [[ensure:a.txt|it's added]] " +
      "[[bash:echo ran > sub.txt]] [[say:finished]]",
  );
  const last = await ended(session);
  expect(last.text).toBe("finished");
  expect(last.cost).toBeGreaterThan(0);
  expect(last.tokens?.input).toBeGreaterThan(0);
  expect(await readFile(join(work, "a.txt"), "utf8")).toBe("one\nthree\nit's added\n");
  expect(await readFile(join(work, "sub.txt"), "utf8")).toBe("ran\n");
  expect(standIn.turns().get("effects")).toBe(1);
});

it("asks for a permission and a question, and goes on with the answers", { timeout: turnTimeoutMs }, async () => {
  const session = await prompt("[[task:asks]] [[ask:touch allowed.txt]] [[question:Which colour?|Red|Blue]] [[say:answered]]");
  await call("POST", `/permission/${await asked("/permission", session)}/reply`, { reply: "once" });
  await call("POST", `/question/${await asked("/question", session)}/reply`, { answers: [["Blue"]] });
  expect((await ended(session)).text).toBe("answered");
  expect(await readFile(join(work, "allowed.txt"), "utf8")).toBe("");
  expect(standIn.turns().get("asks")).toBe(1);
});

it("starts a subagent that follows directives of its own", { timeout: turnTimeoutMs }, async () => {
  const session = await prompt("[[task:parent]] [[child:[[task:kid]] [[bash:echo kid > kid.txt]]]] [[say:parent done]]");
  expect((await ended(session)).text).toBe("parent done");
  expect(await readFile(join(work, "kid.txt"), "utf8")).toBe("kid\n");
  expect([standIn.turns().get("parent"), standIn.turns().get("kid")]).toEqual([1, 1]);
  expect(standIn.requests().find((request) => request.task === "kid")?.parentSessionId).toBe(session);
});

it("counts one turn through rate limits, broken streams and OpenCode's retries", { timeout: turnTimeoutMs }, async () => {
  const sessions = [
    await prompt("[[task:limited]] [[status:429:1:1]] [[say:recovered]]"),
    await prompt("[[task:cut]] [[cut]] [[say:recovered]]"),
  ];
  for (const session of sessions) expect((await ended(session)).text).toContain("recovered");
  expect([standIn.turns().get("limited"), standIn.turns().get("cut")]).toEqual([1, 1]);
  expect(standIn.requests().filter((request) => request.kind === "retry")).toHaveLength(2);
});

it("overflows so that OpenCode compacts and plays the prompt again, in one turn", { timeout: turnTimeoutMs }, async () => {
  const session = await prompt("[[task:before]] [[say:first]]");
  await ended(session);
  await call("POST", `/session/${session}/prompt_async`, { parts: [{ type: "text", text: "[[task:big]] [[overflow]] [[say:fits]]" }] });
  await eventually(async () => expect((await ended(session)).text).toBe("fits"), { timeoutMs: turnTimeoutMs });
  expect(standIn.turns().get("big")).toBe(1);
});

it("waits at a gate, hangs until aborted, and is cut short by length", { timeout: turnTimeoutMs }, async () => {
  const gated = await prompt("[[task:gated]] [[gate:real]] [[say:through]]");
  await eventually(() => expect(standIn.waiting()).toEqual(["real"]), { timeoutMs: turnTimeoutMs });
  standIn.release("real");
  expect((await ended(gated)).text).toBe("through");
  expect((await ended(await prompt("[[say:half]] [[length]]"), "length")).text).toBe("half");
  const hung = await prompt("[[task:hung]] [[hang]]");
  await eventually(() => expect(standIn.turns().get("hung")).toBe(1), { timeoutMs: turnTimeoutMs });
  await call("POST", `/session/${hung}/abort`);
  await eventually(
    async () => {
      const last = messagesSchema.parse(await call("GET", `/session/${hung}/message`)).at(-1);
      expect(last?.info.error?.name).toBe("MessageAbortedError");
    },
    { timeoutMs: turnTimeoutMs },
  );
});

it("titles a session that has no title", { timeout: turnTimeoutMs }, async () => {
  const session = await prompt("[[task:untitled]] [[say:hello]]", {});
  await ended(session);
  await eventually(
    async () => expect(sessionSchema.parse(await call("GET", `/session/${session}`)).title).toBe("A task for the stand-in"),
    { timeoutMs: turnTimeoutMs },
  );
  expect(standIn.turns().get("untitled")).toBe(1);
});
