import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { eventually } from "../helpers/eventually";
import { octoWorld } from "../helpers/octo-world";
import { ended, oneAsk, submit } from "./tasks";

test("tells the person by their own program of an ask and of the end, with title and text as its last arguments", {
  timeout: 60_000,
}, async () => {
  await using world = await octoWorld({ start: false });
  const file = join(world.folder, "told");
  const command = ["sh", "-c", `printf '%s|' "$@" >>'${file}'; echo >>'${file}'`, "sh"];
  await world.configure({ notify: { command, quietUnderMs: 0 } });
  await world.startBridge();
  const task = await submit(world, "[[ask:touch x]] $(touch gone) it");
  const ask = await oneAsk(world, task);
  await world.client.call("answer_ask", { askId: ask.id, answer: { kind: "allow", scope: "once" } });
  await ended(world, task);
  const lines = async (): Promise<readonly string[]> => (await readFile(file, "utf8").catch(() => "")).trim().split("\n");
  await eventually(async () => expect(await lines()).toHaveLength(2));
  const [first, second] = await lines();
  expect(first).toMatch(/^octo: ask opened\|“.*” waits for you on .*\|$/);
  expect(second).toMatch(/^octo: task succeeded\|“.*\$\(touch gone\) it” succeeded on .*\|$/);
});
