import { expect, test } from "vitest";
import { toPermissionAsk } from "../../../bridge/adapters/opencode/asks";

test("what `always` would allow beyond what is shown is said", () => {
  const always = Array.from({ length: 100 }, (_, at) => `tool${at} *`);
  const ask = toPermissionAsk({ id: "per_1", sessionID: "ses_1", permission: "bash", patterns: ["tool0"], always, metadata: {} });
  const content = ask?.content.kind === "permission" ? ask.content : undefined;
  expect(content?.always).toHaveLength(64);
  expect(content?.always.slice(-2)).toEqual(["tool62 *", "and 37 more that are not shown"]);
});
