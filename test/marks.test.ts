import { expect, test } from "vitest";
import { withoutMarks } from "../bridge/marks";

test("a bridge that an agent's tool or a hook starts bears no mark by which leftovers are ended", () => {
  const kept = { PATH: "/bin", OPENCODE_DB: "/data/my.db", OPENCODE_CONFIG: "/data/c.json" };
  const marks = {
    OCTO_INSTANCE: "/s/octo:3",
    OCTO_COMMANDS: "/s/octo",
    OCTO_COMMAND: "1",
    OCTO_GIT: "/w",
    OPENCODE: "1",
    OPENCODE_PID: "7",
  };
  expect(withoutMarks({ ...kept, ...marks }, "/s/octo")).toEqual(kept);
  expect(withoutMarks({ OPENCODE_DB: "/s/octo/instances/ins_1/opencode.db" }, "/s/octo")).toEqual({});
});
