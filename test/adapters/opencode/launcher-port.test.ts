import { expect, test } from "vitest";
import { createPortChooser } from "../../../bridge/adapters/opencode/launcher-port";

test("servers that start at the same time get ports of their own", async () => {
  const choosePort = createPortChooser({ min: 31_900, max: 31_940 });
  const ports = await Promise.all(Array.from({ length: 20 }, () => choosePort([], 0)));
  expect(new Set(ports).size).toBe(20);
});

test("a server that starts again has its own port again, and no other server has it", async () => {
  const choosePort = createPortChooser();
  const port = await choosePort([], 0);
  expect(await choosePort([], port)).toBe(port);
  expect(await choosePort([port], port)).not.toBe(port);
});
