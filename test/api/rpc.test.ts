import { describe, expect, test } from "vitest";
import { OctoError } from "../../bridge/octo-error";
import { limits, routes } from "../../shared/protocol";
import { sampleTask } from "../fakes/samples";
import { rpc, send, testApi } from "./socket-client";

const submission = { prompt: "fix it", directory: "/repo" };
const refused = (code: string, message: RegExp) => ({
  ok: false,
  error: expect.objectContaining({
    code,
    message: expect.stringMatching(message),
    next: expect.any(String),
    retryable: expect.any(Boolean),
  }),
});

describe("a call", () => {
  test("reaches its method with parsed parameters and the request id, and brings the result", async () => {
    await using bridge = await testApi();
    bridge.service.script({ distribute_task: async () => ({ task: sampleTask(), notices: ["3 files not included"] }) });
    const params = { ...submission, model: "openai/gpt-5", filter: { labels: ["fast"] }, strategy: "random", attachments: ["/a b.txt"] };
    const answer = await rpc(bridge.socketPath, "distribute_task", params);
    expect(answer).toMatchObject({ status: 200, body: { ok: true, result: { notices: ["3 files not included"] } } });
    expect(answer.headers["content-type"]).toBe("application/json");
    expect(bridge.service.received).toEqual([{ method: "distribute_task", params, context: { requestId: "req-1" } }]);
  });

  test("is answered in whole characters: WezTerm refuses all of an answer for half a surrogate pair in it", async () => {
    await using bridge = await testApi();
    const cut = (prompt: string) => sampleTask({ prompt });
    const tasks = ["cut in \ud83d…", "\udc00 and on", "whole \u{1f600}", "C:\\ud83d \\\ud83d"].map(cut);
    bridge.service.script({ list_tasks: async () => ({ tasks }) });
    const { body } = await rpc(bridge.socketPath, "list_tasks", {});
    const whole = ["cut in \ufffd…", "\ufffd and on", "whole \u{1f600}", "C:\\ud83d \\\ufffd"].map(cut);
    expect(body).toEqual({ ok: true, result: { tasks: JSON.parse(JSON.stringify(whole)) } });
  });

  test("answers 200 with code, next step and retryable when its method fails", async () => {
    await using bridge = await testApi();
    const answer = await rpc(bridge.socketPath, "get_task", { taskId: "tsk_none" });
    expect(answer).toEqual(expect.objectContaining({ status: 200, body: refused("TASK_UNKNOWN", /tsk_none/) }));
  });

  test("becomes INTERNAL, in the log with its stack, when its method raises what it should not", async () => {
    const errors: object[] = [];
    await using bridge = await testApi({ log: { warn: () => undefined, error: (fields) => errors.push(fields) } });
    const fault = new TypeError("x is undefined");
    bridge.service.script({ list_asks: () => Promise.reject(fault) });
    const answer = await rpc(bridge.socketPath, "list_asks", {});
    expect(answer.body).toEqual(refused("INTERNAL", /x is undefined/));
    expect(errors).toEqual([{ err: fault }]);
  });

  test("answers BRIDGE_TIMEOUT when its method does not end in time", async () => {
    await using bridge = await testApi({ callTimeoutMs: 30 });
    bridge.service.script({ list_asks: () => new Promise(() => undefined) });
    const answer = await rpc(bridge.socketPath, "list_asks", {});
    expect(answer.body).toEqual(refused("BRIDGE_TIMEOUT", /list_asks took longer than 30 ms/));
  });

  test("needs no parameters and no request id when it only asks", async () => {
    await using bridge = await testApi();
    const answer = await rpc(bridge.socketPath, "list_opencode_servers", undefined, { requestId: undefined });
    expect(answer.body).toEqual({ ok: true, result: { instances: [] } });
  });

  test("is refused without a request id when it changes something", async () => {
    await using bridge = await testApi();
    const answer = await rpc(bridge.socketPath, "distribute_task", submission, { requestId: undefined });
    expect(answer.body).toEqual(refused("REQUEST_INVALID", /requestId/));
    expect(bridge.service.received).toEqual([]);
  });
});

describe("a wrong request is refused, naming what is wrong, and calls nothing", () => {
  const long = "x".repeat(limits.promptBytesMax + 1);
  const cases: readonly [string, string, unknown, string, RegExp][] = [
    ["an unknown field", "distribute_task", { ...submission, promt: "x" }, "REQUEST_INVALID", /params.*"promt"/],
    ["an unknown nested field", "distribute_task", { ...submission, filter: { label: [] } }, "REQUEST_INVALID", /params\.filter.*"label"/],
    ["a missing field", "distribute_task", { prompt: "x" }, "REQUEST_INVALID", /params\.directory/],
    ["a relative folder", "distribute_task", { ...submission, directory: "repo" }, "REQUEST_INVALID", /params\.directory: .*absolute/],
    ["a NUL in a path", "distribute_task", { ...submission, directory: "/a\0b" }, "REQUEST_INVALID", /params\.directory/],
    ["an empty prompt", "distribute_task", { ...submission, prompt: " \n" }, "PROMPT_EMPTY", /params\.prompt/],
    ["a prompt that is too long", "distribute_task", { ...submission, prompt: long }, "PROMPT_TOO_LARGE", /1048577 bytes/],
    ["a model without provider", "distribute_task", { ...submission, model: "gpt" }, "REQUEST_INVALID", /params\.model: .*provider\/model/],
    ["a fraction of an attempt", "distribute_task", { ...submission, attemptsMax: 1.5 }, "REQUEST_INVALID", /params\.attemptsMax/],
    ["too many attempts", "distribute_task", { ...submission, attemptsMax: 1_000 }, "REQUEST_INVALID", /at most 100/],
    ["a foreign id", "distribute_task", { ...submission, after: ["tsk_1", "ins_1"] }, "REQUEST_INVALID", /params\.after\[1\]: .*task id/],
    ["an unknown strategy", "distribute_task", { ...submission, strategy: "best" }, "REQUEST_INVALID", /params\.strategy/],
    [
      "a host that ssh takes for an option",
      "create_wezterm_domain",
      { name: "-oX", address: "a", username: "b" },
      "REQUEST_INVALID",
      /name/,
    ],
    ["a port for several instances", "spawn_opencode_server", { port: 5_000, count: 2 }, "REQUEST_INVALID", /params\.port/],
    ["an answer of no kind", "answer_ask", { askId: "per_1", answer: { kind: "maybe" } }, "REQUEST_INVALID", /params\.answer/],
    ["a list for parameters", "get_status", [], "REQUEST_INVALID", /params/],
    ["a method nobody knows", "format_disk", {}, "METHOD_UNKNOWN", /"format_disk"/],
    ["a method of every object", "constructor", {}, "METHOD_UNKNOWN", /"constructor"/],
  ];

  test.for(cases)("%s", async ([, method, params, code, message]) => {
    await using bridge = await testApi();
    const answer = await rpc(bridge.socketPath, method, params);
    expect(answer.body).toEqual(refused(code, message));
    expect(answer.status).not.toBe(200);
    expect(bridge.service.received).toEqual([]);
  });

  const bodies: readonly [string, string | Buffer, RegExp][] = [
    ["no JSON", '{"protocol": 1, oops}', /position 16/],
    ["nothing", "", /empty/],
    ["no UTF-8", Buffer.from([0x22, 0xff, 0x22]), /UTF-8/],
    ["no object", "[]", /object/],
    ["no protocol", "{}", /request\.protocol/],
  ];
  test.for(bodies)("a body that is %s", async ([, body, message]) => {
    await using bridge = await testApi();
    const answer = await send(bridge.socketPath, routes.rpc, { method: "POST", body });
    expect(answer).toMatchObject({ status: 400, body: refused("REQUEST_INVALID", message) });
  });

  test.for([
    [0, /the client is older/],
    [2, /the bridge is older/],
  ] as const)("protocol %s, before fields that only the other side knows", async ([protocol, message]) => {
    await using bridge = await testApi();
    const answer = await rpc(bridge.socketPath, "get_status", {}, { protocol, fieldOfLater: true });
    expect(answer).toMatchObject({ status: 409, body: refused("PROTOCOL_MISMATCH", message) });
  });

  test("a body over the limit, which still gets its answer", async () => {
    await using bridge = await testApi();
    const body = Buffer.alloc(10 * 1024 * 1024, "x");
    const answer = await send(bridge.socketPath, routes.rpc, { method: "POST", body });
    expect(answer).toMatchObject({ status: 413, body: refused("REQUEST_TOO_LARGE", /10485760 bytes/) });
  });

  test("a route nobody serves", async () => {
    await using bridge = await testApi();
    expect(await send(bridge.socketPath, "/v2/rpc")).toMatchObject({ status: 404, body: refused("METHOD_UNKNOWN", /GET \/v2\/rpc/) });
  });

  test("a web page", async () => {
    await using bridge = await testApi();
    const answer = await send(bridge.socketPath, routes.hello, { headers: { origin: "http://evil.example" } });
    expect(answer).toMatchObject({ status: 400, body: refused("REQUEST_INVALID", /web pages/) });
  });
});

test("an OctoError keeps its code on the way out", async () => {
  await using bridge = await testApi();
  bridge.service.script({ distribute_task: () => Promise.reject(new OctoError("QUEUE_FULL", "1,000 tasks are queued")) });
  const answer = await rpc(bridge.socketPath, "distribute_task", submission);
  expect(answer.body).toMatchObject({ ok: false, error: { code: "QUEUE_FULL", retryable: true } });
});
