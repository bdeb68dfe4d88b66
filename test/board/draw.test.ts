import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encode } from "../../bridge/paint/line";
import { widthOf } from "../../bridge/paint/text";
import type { HostView } from "../../shared/host";
import type { FullSnapshot } from "../../shared/snapshot";
import { hostId, instanceId, sampleInstance, samplePermission, sampleQuestion, sampleTask, taskId } from "../fakes/samples";
import { TestBoard } from "./board-world";

const task = (name: string, change = {}) => sampleTask({ id: taskId(name), instanceId: instanceId("0001"), state: "running", ...change });

describe("the board", () => {
  test("shows asks, instances by host, tasks with what they say, and what the selected one says", () => {
    const board = new TestBoard({
      instances: [sampleInstance({ name: "oc1", startedAtEpochMs: 1_700_000_000_000 })],
      tasks: [
        task("a", { title: "mend the parser", runMs: 42_000, usage: { tokensIn: 1, tokensOut: 1, cost: 0.03 } }),
        task("b", { title: "write a test", state: "queued", detail: "waits for a slot", instanceId: undefined }),
        task("c", { title: "older", state: "succeeded", endedAtEpochMs: 1_700_000_000_000 }),
      ],
      asks: [samplePermission({ taskId: taskId("a") })],
    });
    board.messages({ kind: "lines", lines: [{ taskId: taskId("a"), text: "I look at the tests" }] });
    expect(`\n${board.text().replace(/since \d\d:\d\d/, "since 12:00")}\n`).toMatchInlineSnapshot(`
      "
      octo  ⬢ 1/1  ▶ 1  ⏳ 1  ⚠ 1  $0.42 today                                                       0.1.0
        ⚠ bash: npm test                                                   mend the parser  oc1  local  1m
      ── local ───────────────────────────────────────────────────────────────────────────────────────────
        ⬢ oc1 ready                                 1/4
          1.18.33  300 MiB  1m
      ── tasks  3 ────────────────────────────────────────────────────────────────────────────────────────
      › ▶ mend the parser                    I look at the tests                          oc1  $0.03  0:42
        ⏳ write a test                       waits for a slot
        ✔ older                              waits for an instance                                      1m
      ── tsk_a ───────────────────────────────────────────────────────────────────────────────────────────
      ⚠ may I bash?
        since 12:00, on local-1 (local), for a session of yours
        npm test
        always would allow: npm *















      a allow once   A always   d deny   t TUI   c cancel   o open   ⏎ details   / find    ? keys   q quit
      "
    `);
  });

  test("keeps the cursor in sight among hundreds of tasks", () => {
    const tasks = Array.from({ length: 300 }, (_, index) => task(`t${index}`, { title: `number ${index}`, submittedAtEpochMs: index }));
    const board = new TestBoard({ tasks });
    for (let count = 0; count < 200; count += 1) board.typeAtOnce("j");
    expect(board.text()).toMatch(/› ▶ number 200/);
    board.type("G");
    expect(board.text()).toMatch(/› ▶ number 299/);
  });

  test("says since when the bridge is away", () => {
    const board = new TestBoard();
    board.take({ kind: "link", link: { kind: "away", sinceMs: 4_000, reason: "" } });
    expect(board.text()).toContain("the bridge is away for 6 s");
  });

  test("groups instances by host, this machine first", () => {
    const elsewhere = sampleInstance({ id: instanceId("2"), name: "oc2", host: hostId("builder") });
    const board = new TestBoard({ instances: [elsewhere, sampleInstance()] });
    expect(board.text()).toMatch(/── local ─+\n.*\n.*\n── builder/);
  });
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
const obeyed = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: our own colours, and clearing the rest of a row
const own = /\u001b\[[0-9;]*m|\u001b\[K/g;

const nasty = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom(
    "\u001b[2Jwiped",
    "\u001b]52;c;ZXZpbA==\u0007",
    "漢字".repeat(50),
    "a\tb\r\nc",
    "\u009b31m",
    "‮evil",
    "\u001b]8;;http://evil\u001b\\x",
  ),
);

test("whatever texts, keys and sizes: a frame fills the screen exactly, and nothing in it is obeyed but our own colours", () => {
  const keys = fc.constantFrom(
    "j",
    "k",
    "n",
    "\t",
    "\r",
    "\u001b",
    "?",
    "f",
    "/",
    "p",
    "d",
    "1",
    "R",
    "S",
    "c",
    "l",
    "G",
    "x",
    "\u001b[200~paste\u001b[201~",
  );
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 120 }),
      fc.integer({ min: 1, max: 40 }),
      fc.array(nasty, { minLength: 8, maxLength: 8 }),
      fc.array(keys, { maxLength: 12 }),
      fc.constantFrom("none" as const, 16 as const, 256 as const),
      (columns, rows, texts, pressed, palette) => {
        const board = new TestBoard(nastyWorld(texts), { columns, rows });
        const [said = "", reason = "", notice = "", page = ""] = texts;
        board.messages(
          { kind: "lines", lines: [{ taskId: taskId("a"), text: said }] },
          {
            kind: "output-tail",
            taskId: taskId("a"),
            entries: [
              { kind: "text", text: said },
              { kind: "tool", name: reason, title: said, status: notice },
            ],
          },
        );
        const check = (): void => {
          const { lines, caret } = board.picture();
          expect(lines).toHaveLength(rows);
          for (const line of lines) {
            const shown = encode(line, columns, palette).replace(own, "");
            expect(shown).not.toMatch(obeyed);
            expect(widthOf(shown)).toBeLessThanOrEqual(columns);
          }
          if (caret) expect(caret.row).toBeLessThan(rows);
        };
        board.take({ kind: "hosts", hosts: [unreachable(texts[7] ?? "", reason)] });
        check();
        for (const key of pressed) {
          board.type(key);
          const { view } = board.state;
          if (view.kind === "details")
            board.take({ kind: "loaded", item: view.item, page: view.page, loaded: { text: page, isError: false } });
          check();
        }
        board.take({ kind: "noticed", notice: { text: notice, isError: true } });
        board.take({ kind: "link", link: { kind: "away", sinceMs: 0, reason } });
        check();
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);

test("no page of an ask, an instance or a task has anything in it that is obeyed", () => {
  fc.assert(
    fc.property(fc.array(nasty, { minLength: 8, maxLength: 8 }), (texts) => {
      const world = nastyWorld(texts);
      const board = new TestBoard(world, { columns: 100, rows: 400 });
      const seen = new Set<string>();
      board.type("g");
      for (let item = 0; item < 7; item += 1) {
        board.type("\r");
        for (let page = 0; page < 5; page += 1) {
          const { view } = board.state;
          if (view.kind !== "details") break;
          seen.add(`${view.item.kind} ${view.page}`);
          board.take({ kind: "loaded", item: view.item, page: view.page, loaded: { text: texts[0] ?? "", isError: false } });
          for (const line of board.picture().lines) expect(encode(line, 100, 256).replace(own, "")).not.toMatch(obeyed);
          board.type("\u001b[C");
        }
        board.type("\u001b");
        board.type("j");
      }
      expect([...seen].sort()).toEqual([
        ...["ask about", "instance about", "instance log"],
        ...["task about", "task diff", "task output", "task transcript", "task why"],
      ]);
    }),
    { numRuns: 8 },
  );
}, 60_000);

function unreachable(name: string, message: string): HostView {
  const told = { name: hostId(name), address: name, labels: [name], paths: {}, domain: "none", onPartition: "wait" } as const;
  return { ...told, link: "unreachable", linkAgeMs: 1_000, error: { code: "HOST_UNREACHABLE", message } };
}

function nastyWorld(texts: readonly string[]): Partial<FullSnapshot> {
  const [title = "", detail = "", prompt = "", name = "", message = "", label = "", header = "", pattern = ""] = texts;
  const branch = { repository: "/", branch: header, base: "", commit: "", files: [name] };
  const permission = {
    kind: "permission",
    permission: label,
    patterns: [pattern],
    always: [name],
    patternsLeftOut: 0,
    details: [
      { name: "diff", text: message },
      { name: header, text: title },
    ],
  } as const;
  const questions = [{ header, question: pattern, options: [{ label, description: message }], multiple: true }];
  return {
    instances: [
      sampleInstance({ name, version: header, labels: [label], error: { code: "INTERNAL", message } }),
      sampleInstance({ id: instanceId("elsewhere"), host: hostId(pattern) }),
    ],
    tasks: [
      task("a", { title, detail, prompt, text: message }),
      task("b", { title: detail, state: "succeeded", branch, text: prompt, endedAtEpochMs: 1 }),
      task("c", { title, state: "failed", error: { code: "INTERNAL", message }, endedAtEpochMs: 2 }),
    ],
    asks: [
      samplePermission({ taskId: taskId("a"), title, content: permission, directory: message }),
      sampleQuestion({ title: pattern, content: { kind: "question", questions } }),
    ],
  };
}
