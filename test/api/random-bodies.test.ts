import fc from "fast-check";
import { expect, test } from "vitest";
import { parseCall } from "../../bridge/api/rpc";
import { paramSchemas } from "../../bridge/api/schemas";
import { OctoError } from "../../bridge/octo-error";
import { protocolVersion, routes } from "../../shared/protocol";
import { send, testApi } from "./socket-client";

const methods = Object.keys(paramSchemas);
const fieldNames = [
  "prompt",
  "directory",
  "taskId",
  "instanceId",
  "askId",
  "answer",
  "filter",
  "after",
  "count",
  "port",
  "all",
  "__proto__",
  "kind",
];

/** Half random, half nearly right: the latter finds what the former never reaches. */
const nearlyRight = fc.record({
  protocol: fc.constantFrom(protocolVersion, 0, "1", null),
  requestId: fc.oneof(fc.constant("req-1"), fc.jsonValue()),
  method: fc.oneof(fc.constantFrom(...methods), fc.string()),
  params: fc.oneof(
    fc.dictionary(
      fc.constantFrom(...fieldNames),
      fc.oneof(fc.constantFrom("tsk_1", "ins_1", "per_1", "/repo", "x", 1, true), fc.jsonValue()),
    ),
    fc.jsonValue(),
  ),
});

test("any body is either refused by an OctoError or yields parameters that its schema accepts", () => {
  fc.assert(
    fc.property(fc.oneof(nearlyRight, fc.jsonValue()), (body) => {
      // As it comes from the wire: "__proto__" is then a field of its own.
      const received: unknown = JSON.parse(JSON.stringify(body));
      try {
        const { method } = parseCall(received);
        expect(methods).toContain(method);
        const { params } = JSON.parse(JSON.stringify(received));
        expect(paramSchemas[method].safeParse(params ?? {}).success).toBe(true);
      } catch (thrown) {
        if (!(thrown instanceof OctoError)) throw thrown;
        expect(["REQUEST_INVALID", "METHOD_UNKNOWN", "PROTOCOL_MISMATCH", "PROMPT_EMPTY"]).toContain(thrown.code);
        expect(thrown.message.length).toBeLessThan(700);
      }
    }),
    { numRuns: 5_000 },
  );
});

test("no body makes the bridge crash, hang or answer anything but one JSON object", async () => {
  await using bridge = await testApi();
  const bodies = fc.oneof(
    nearlyRight.map((value) => Buffer.from(JSON.stringify(value))),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  );
  await fc.assert(
    fc.asyncProperty(bodies, async (body) => {
      const answer = await send(bridge.socketPath, routes.rpc, { method: "POST", body });
      expect(answer.body).toMatchObject({ ok: expect.any(Boolean) });
      expect([200, 400, 404, 409, 413]).toContain(answer.status);
    }),
    { numRuns: 300 },
  );
  for (const { method, params } of bridge.service.received) expect(Object.keys(Object(params)).length, method).toBeLessThan(20);
});

test("a field called __proto__ is refused like any other unknown one", () => {
  const body: unknown = JSON.parse('{"protocol":1,"requestId":"r","method":"shut_down","params":{"all":true,"__proto__":{"all":false}}}');
  expect(() => parseCall(body)).toThrow(/__proto__/);
});

test("a body nested a million levels deep is refused", async () => {
  await using bridge = await testApi();
  const body = `{"protocol":1,"requestId":"r","method":"get_status","params":${"[".repeat(500_000)}${"]".repeat(500_000)}}`;
  const answer = await send(bridge.socketPath, routes.rpc, { method: "POST", body });
  expect(answer.status).toBe(400);
});
