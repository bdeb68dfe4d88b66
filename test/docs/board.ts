import { bindings, placeNames } from "../../bridge/board/key-map";
import { TestBoard } from "../board/board-world";
import { instanceId, sampleInstance, samplePermission, sampleTask, taskId } from "../fakes/samples";

const nowEpochMs = 1_700_000_060_000;

/** The board as it draws itself, with somebody's day in it. */
export function boardPicture(): string {
  const [first, second] = [instanceId("1"), instanceId("2")];
  const started = { startedAtEpochMs: nowEpochMs - 2 * 60 * 60_000 };
  const used = (cost: number) => ({ usage: { tokensIn: 9_000, tokensOut: 1_000, cost } });
  const task = (name: string, title: string, change: object) => sampleTask({ id: taskId(name), title, submittedAtEpochMs: 1, ...change });
  const size = { columns: 100, rows: 16 };
  const tasks = [
    task("k3x9", "Add a test for the date parser", { state: "running", instanceId: first, runMs: 102_000, ...used(0.11) }),
    task("p7wd", "Mend the flaky upload test", {
      state: "waiting",
      detail: "waits for you",
      instanceId: second,
      runMs: 48_000,
      ...used(0.07),
    }),
    task("m2ra", "Bring the README up to date", { state: "queued", detail: "waits for a slot" }),
    task("c8ht", "Remove the old cache", {
      state: "succeeded",
      endedAtEpochMs: nowEpochMs - 300_000,
      branch: { repository: "/", branch: "octo/tsk_c8ht-remove-the-old", base: "", commit: "", files: ["a", "b", "c"] },
      ...used(0.24),
    }),
  ];
  const board = new TestBoard(
    {
      instances: [
        sampleInstance({ id: first, name: "oc1", rssBytes: 318 * 1024 * 1024, ...started }),
        sampleInstance({ id: second, name: "oc2", rssBytes: 296 * 1024 * 1024, ...started }),
      ],
      tasks,
      asks: [samplePermission({ instanceId: second, taskId: taskId("p7wd"), askedAtEpochMs: nowEpochMs - 120_000 })],
    },
    size,
  );
  const said = "The parser takes 30 February for 2 March.\nI write that as a test first, then look at leap years.\n";
  board.messages(
    { kind: "lines", lines: [{ taskId: taskId("k3x9"), text: "I write that as a test first, then look at leap years." }] },
    {
      kind: "output-tail",
      taskId: taskId("k3x9"),
      entries: [
        { kind: "text", text: said },
        { kind: "tool", name: "bash", title: "npm test", status: "running" },
      ],
    },
  );
  // To the first that runs.
  board.type("j");
  return `\`\`\`text\n${board.text()}\n\`\`\`\n`;
}

/** Key, where it counts, what it does. */
export function boardKeyRows(): readonly (readonly string[])[] {
  const digits = ["1-9", placeNames.ask, "answer a question; ⏎ sends where several may be chosen"];
  return [...bindings.map(({ shown, place, what }) => [`\`${shown}\``, placeNames[place], what]), digits];
}
