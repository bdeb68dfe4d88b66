import { request } from "node:http";
import { expect, test } from "vitest";
import { routes } from "../../shared/protocol";
import { instanceId, sampleInstance, sampleTask, taskId } from "../fakes/samples";
import { eventually } from "../helpers/eventually";
import { send, testApi } from "./socket-client";

const target = instanceId("0001");
const screenPath = (more = "") => `${routes.paneScreen}?screen=s1&target=${target}&columns=60&rows=10${more}`;

interface Streamed {
  readonly status: Promise<number>;
  text(): string;
  ended(): boolean;
  leave(): void;
}

/** Plain node:http that keeps what has come so far. */
function stream(socketPath: string, path: string, body?: string): Streamed {
  let text = "";
  let ended = false;
  const outgoing = request({ socketPath, path, method: body === undefined ? "GET" : "POST", agent: false });
  const status = new Promise<number>((resolve, reject) => {
    outgoing.on("error", reject);
    outgoing.on("response", (incoming) => {
      incoming.on("data", (chunk: Buffer) => {
        text += chunk.toString();
      });
      incoming.on("close", () => {
        ended = true;
      });
      incoming.on("error", () => undefined);
      resolve(incoming.statusCode ?? 0);
    });
  });
  outgoing.end(body);
  return { status, text: () => text, ended: () => ended, leave: () => outgoing.destroy() };
}

async function answerTo(socketPath: string, path: string, body?: string): Promise<string> {
  const answer = stream(socketPath, path, body);
  expect(await answer.status).toBe(200);
  await eventually(() => expect(answer.ended()).toBe(true));
  return answer.text();
}

test("a screen streams its first frame and what changes, and leaves nothing behind when its client goes", async () => {
  await using bridge = await testApi();
  bridge.service.setInstance(sampleInstance());
  const screen = stream(bridge.socketPath, screenPath());
  expect(await screen.status).toBe(200);
  await eventually(() => expect(screen.text()).toContain("local-1"));
  bridge.service.setTask(sampleTask({ instanceId: target, state: "running", title: "a new one" }));
  await eventually(() => expect(screen.text()).toContain("a new one"));
  screen.leave();
  await eventually(() => expect(bridge.service.listeners()).toBe(0));
});

test("a screen ends with the bridge", async () => {
  await using bridge = await testApi();
  const screen = stream(bridge.socketPath, screenPath());
  await eventually(() => expect(screen.text()).not.toBe(""));
  await bridge.api.stop();
  await eventually(() => expect(screen.ended()).toBe(true));
  expect(bridge.service.listeners()).toBe(0);
});

test("a key tells its client what is the client's to do", async () => {
  await using bridge = await testApi();
  bridge.service.setInstance(sampleInstance());
  const screen = stream(bridge.socketPath, screenPath());
  await eventually(() => expect(screen.text()).not.toBe(""));
  const press = (key: string) => answerTo(bridge.socketPath, `${routes.paneKey}?screen=s1`, key);
  expect(await press("j")).toBe("");
  await eventually(async () => expect(await press("\r")).toBe("attach"));
  expect(await press("q")).toBe("quit");
  expect(await answerTo(bridge.socketPath, `${routes.paneKey}?screen=unknown`, "q")).toBe("");
  screen.leave();
});

test("what attaching needs comes as lines; values with a line break do not", async () => {
  await using bridge = await testApi();
  bridge.service.setTask(sampleTask({ instanceId: target, state: "running" }));
  const asked: unknown[] = [];
  let directory = "/a b/$(id)'\"";
  bridge.service.attach = async (which) => {
    asked.push(which);
    return { command: ["/bin/opencode", "--x y"], url: "http://127.0.0.1:1", password: "pw", sessionId: "ses_1", directory };
  };
  const path = `${routes.paneAttach}?target=${target}`;
  expect(await answerTo(bridge.socketPath, path)).toBe(
    `command=/bin/opencode\ncommand=--x y\nurl=http://127.0.0.1:1\npassword=pw\ndirectory=/a b/$(id)'"\nsession=ses_1\n`,
  );
  expect(asked).toEqual([taskId("0001")]);
  directory = "/a\nurl=http://evil";
  expect(await send(bridge.socketPath, path)).toMatchObject({ status: 400, body: { error: { code: "DIRECTORY_UNSUITABLE" } } });
});

test("a failure to attach is said to the client and on the screen", async () => {
  await using bridge = await testApi();
  const screen = stream(bridge.socketPath, screenPath());
  await eventually(() => expect(screen.text()).not.toBe(""));
  expect(await send(bridge.socketPath, `${routes.paneAttach}?target=${target}&screen=s1`)).toMatchObject({ status: 400 });
  await eventually(() => expect(screen.text()).toContain("scripted no session"));
  screen.leave();
});

test.each([
  ["screen=../x", "query.screen"],
  [`screen=s&target=x`, "query.target"],
  [`screen=s&target=${target}&columns=0&rows=1`, "query.columns"],
  [`screen=s&target=${target}&columns=80&rows=99999`, "query.rows"],
  [`screen=s&target=${target}&columns=80&rows=24&gui=x`, "query.gui"],
  [`screen=s&target=${target}&columns=80&rows=24&more=1`, "more"],
])("a screen for %s is refused by the name of the field", async (query, field) => {
  await using bridge = await testApi();
  const answer = await send(bridge.socketPath, `${routes.paneScreen}?${query}`);
  expect(answer).toMatchObject({ status: 400, body: { error: { code: "REQUEST_INVALID", message: expect.stringContaining(field) } } });
});

test("no more than 128 panes are shown at once", async () => {
  await using bridge = await testApi();
  const open = Array.from({ length: 128 }, (_, index) => stream(bridge.socketPath, screenPath().replace("s1", `s${index}`)));
  await Promise.all(open.map(({ status }) => status));
  const refused = await send(bridge.socketPath, screenPath().replace("s1", "more"));
  expect(refused).toMatchObject({ body: { error: { code: "PANE_LIMIT" } } });
  for (const each of open) each.leave();
  await eventually(() => expect(bridge.service.listeners()).toBe(0));
});
