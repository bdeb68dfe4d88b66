import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encode, type Line, lineWidth } from "../../bridge/paint/line";
import { widthOf } from "../../bridge/paint/text";
import { drawPane } from "../../bridge/panes/draw-pane";
import { type OutputTail, withEntries } from "../../bridge/panes/output-tail";
import { freshPaneState, type PaneState } from "../../bridge/panes/pane-state";
import { type PaneContent, PaneWorld } from "../../bridge/panes/pane-world";
import { press } from "../../bridge/panes/press";
import type { FullSnapshot } from "../../shared/snapshot";
import { instanceId, sampleInstance, samplePermission, sampleQuestion, sampleTask, taskId } from "../fakes/samples";

const target = { kind: "instance", id: instanceId("0001") } as const;
const size = { columns: 80, rows: 24 };
const textOf = (lines: readonly Line[]) =>
  lines
    .map((line) =>
      line
        .map(({ text }) => text)
        .join("")
        .trimEnd(),
    )
    .join("\n");
const task = (name: string, change = {}) => sampleTask({ id: taskId(name), instanceId: target.id, state: "running", ...change });
const contentOf = (snapshot: Partial<Pick<FullSnapshot, "tasks" | "instances" | "asks">> = {}): PaneContent =>
  new PaneWorld({ tasks: [task("a")], instances: [sampleInstance()], asks: [], ...snapshot }).content(target);
const draw = (content: PaneContent, output: readonly string[] = [], state: PaneState = freshPaneState, of = size) => {
  const tail = withEntries(
    [],
    output.map((text) => ({ kind: "text", text })),
  );
  return drawPane(content, state, tail, of);
};

describe("a pane", () => {
  test("shows the server, its tasks, what the selected one says, and the keys", () => {
    const tasks = [
      task("a", { detail: "works", title: "mend the parser" }),
      task("b", { state: "succeeded", detail: "done", title: "older" }),
    ];
    expect(`\n${textOf(draw(contentOf({ tasks }), ["I look\n", "at it"]))}\n`).toMatchInlineSnapshot(`
      "
      ⬢ local-1  ready                     1.18.33  1 of 4 slots  300 MiB  local:41001
      › ▶ mend the parser                                                        works
        ✔ older                                                                   done
      ── tsk_a ───────────────────────────────────────────────────────────────────────
      I look
      at it

















        ↑↓ choose   ⏎ open its session   q close
      "
    `);
  });

  test("shows an ask with its keys above the last line", () => {
    const content = contentOf({ asks: [samplePermission({ taskId: taskId("a"), taskTitle: "fix the parser" })] });
    const shown = textOf(draw(content)).split("\n").slice(-6).join("\n");
    expect(shown.replace(/since \d\d:\d\d/, "since 12:00")).toMatchInlineSnapshot(`
      "⚠ may I bash?
        since 12:00, on local-1 (local), for fix the parser
        npm test
        always would allow: npm *
        a allow once   A always   r reject
        ↑↓ choose   ⏎ open its session   n next ask (1)   q close"
    `);
  });

  test("shows a long diff from its beginning to its end, a few lines at a key", () => {
    const diff = Array.from({ length: 60 }, (_, index) => `+line ${index + 1}`).join("\n");
    const details = [{ name: "diff", text: `${diff}\n-the last` }];
    const content = { kind: "permission", permission: "edit", patterns: ["a.ts"], patternsLeftOut: 0, always: [], details } as const;
    const world = contentOf({ asks: [samplePermission({ taskId: taskId("a"), content })] });
    const seen = new Set<string>();
    let state = freshPaneState;
    for (let presses = 0; presses < 40; presses += 1) {
      for (const line of textOf(draw(world, [], state)).split("\n")) seen.add(line.trim());
      state = press(state, world, " ", presses * 1_000).state;
    }
    for (let line = 1; line <= 60; line += 1) expect(seen).toContain(`+line ${line}`);
    expect(seen).toContain("-the last");
    for (let presses = 0; presses < 40; presses += 1) state = press(state, world, "b", 0).state;
    expect(textOf(draw(world, [], state))).toContain("+line 1\n");
  });

  test("shows a question with its choices", () => {
    const content = contentOf({ asks: [sampleQuestion({ taskId: taskId("a") })] });
    expect(textOf(draw(content))).toMatch(
      /Colour\n {2}Which colour\?\n {2}1 Blue like the sky\n {2}2 Red like a rose\n {2}1-9 answer {3}r reject\n/,
    );
  });

  test("says what is not there", () => {
    expect(textOf(draw(contentOf({ instances: [], tasks: [] })))).toMatch(/there is no server ins_0001/);
    expect(textOf(draw(contentOf({ tasks: [] })))).toMatch(/no tasks here/);
    const lonely = new PaneWorld({ tasks: [sampleTask()], instances: [], asks: [] }).content({ kind: "task", id: taskId("0001") });
    expect(textOf(draw(lonely))).toMatch(/no server has this task yet[\s\S]*› ⏳ fix the parser/);
  });

  test("says why a server is not well", () => {
    const broken = sampleInstance({ state: "failed", error: { code: "INSTANCE_CRASH_LOOP", message: "it ended\u001b[2J 5 times" } });
    expect(textOf(draw(contentOf({ instances: [broken] })))).toMatch(/local-1 {2}failed .*\n {2}it ended 5 times/);
  });

  test("shows the last words of an ended task whose output is not kept", () => {
    const tasks = [task("a", { state: "succeeded", text: "All done." })];
    expect(textOf(draw(contentOf({ tasks })))).toMatch(/── tsk_a.*\nAll done\./);
  });

  test("keeps the cursor in sight, and the list short where the output needs room", () => {
    const tasks = Array.from({ length: 60 }, (_, index) =>
      task(`t${index}`, { submittedAtEpochMs: 100 - index, title: `number ${index}` }),
    );
    const shown = textOf(draw(contentOf({ tasks }), ["words\n".repeat(100)], { ...freshPaneState, cursor: taskId("t50") }));
    expect(shown).toMatch(/› ▶ number 50/);
    expect(shown.match(/number \d+/g)?.length).toBeLessThanOrEqual(8);
    expect(shown.match(/^words$/gm)?.length).toBeGreaterThanOrEqual(12);
  });

  test("fills its rows exactly and never more columns, at any size, with any text; nothing in it is obeyed by a terminal", () => {
    const nasty = fc.oneof(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.constantFrom("\u001b[2Jwiped", "\u001b]52;c;ZXZpbA==\u0007", "漢字".repeat(50), "a\tb\r\nc", "\u009b31m", "‮evil"),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 120 }),
        fc.integer({ min: 1, max: 40 }),
        fc.array(nasty, { minLength: 8, maxLength: 8 }),
        (columns, rows, texts) => {
          const [title = "", detail = "", said = "", pattern = "", message = "", label = "", header = "", always = ""] = texts;
          const tasks = [
            task("a", { title, detail, branch: { repository: "/", branch: header, base: "", commit: "", files: [] } }),
            task("b", { title: detail }),
          ];
          const permission = {
            kind: "permission",
            permission: label,
            patterns: [pattern, said],
            always: [always],
            patternsLeftOut: 0,
            details: [{ name: header, text: message }],
          } as const;
          const questions = [{ header, question: pattern, options: [{ label, description: message }], multiple: true }];
          const instances = [sampleInstance({ name: label, version: header, error: { code: "INTERNAL", message } })];
          for (const content of [permission, { kind: "question", questions } as const]) {
            const lines = draw(
              contentOf({ tasks, instances, asks: [samplePermission({ taskId: taskId("a"), content })] }),
              texts,
              { ...freshPaneState, notice: message },
              { columns, rows },
            );
            expect(lines).toHaveLength(rows);
            for (const line of lines) {
              const text = encode(line, columns, "none").replace("\u001b[K", "");
              expect(widthOf(text)).toBeLessThanOrEqual(columns);
              // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
              expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
            }
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  test("uses no more cells than a line has for its own parts", () => {
    for (const line of draw(contentOf({ tasks: [task("a", { title: "漢".repeat(100), detail: "works" })] }))) {
      expect(lineWidth(line)).toBeLessThanOrEqual(size.columns);
    }
  });
});

describe("output", () => {
  test("keeps its end, however much is said", () => {
    let tail: OutputTail = [];
    for (let index = 0; index < 20_000; index += 1) tail = withEntries(tail, [{ kind: "text", text: `word${index} ` }]);
    const kept = tail.map((piece) => (piece.kind === "text" ? piece.text : "")).join("");
    expect(kept.endsWith("word19999 ")).toBe(true);
    expect(kept.length).toBeLessThan(64 * 1024);
    for (let index = 0; index < 1_000; index += 1)
      tail = withEntries(tail, [{ kind: "tool", name: "bash", title: `${index}`, status: "completed" }]);
    expect(tail.length).toBeLessThanOrEqual(200);
  });

  test("shows a tool once, with its latest status, and the same tool again as another one", () => {
    const statuses = ["pending", "running", "completed", "running"];
    const tail = withEntries(
      [],
      statuses.map((status) => ({ kind: "tool", name: "bash", title: "npm test", status })),
    );
    expect(tail).toEqual([
      { kind: "tool", line: "bash npm test", status: "completed" },
      { kind: "tool", line: "bash npm test", status: "running" },
    ]);
  });
});
