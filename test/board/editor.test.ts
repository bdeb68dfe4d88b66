import fc from "fast-check";
import { expect, test } from "vitest";
import { edited, emptyEditor, withText } from "../../bridge/board/editor";
import { fuzzyScore } from "../../bridge/board/fuzzy";
import { rowsOf, tailOf, widthOf } from "../../bridge/paint/text";

const typed = (...keys: readonly string[]) => keys.reduce((editor, key) => edited(editor, key) ?? editor, emptyEditor);

test("text is typed, moved in and taken away by characters as people see them", () => {
  expect(typed("a", "b", "left", "c")).toEqual({ text: "acb", caret: 2 });
  expect(typed("x", ..."👩‍👩‍👧‍👦", "backspace").text).toBe("x");
  expect(typed("a", "b", "home", "delete").text).toBe("b");
  expect(typed("o", "n", "e", " ", "t", "w", "o", "ctrl-w").text).toBe("one ");
  expect(typed("a", "alt-enter", "b", "home", "ctrl-k").text).toBe("a\n");
});

test("pasted text keeps its lines and nothing that a terminal obeys", () => {
  expect(withText(emptyEditor, "a\r\nb\u001b[2J\u0007c").text).toBe("a\nbc");
});

test("no key leaves the caret outside the text", () => {
  const keys = fc.constantFrom(
    "a",
    "漢",
    "👍",
    "left",
    "right",
    "home",
    "end",
    "backspace",
    "delete",
    "ctrl-u",
    "ctrl-k",
    "ctrl-w",
    "alt-enter",
  );
  fc.assert(
    fc.property(fc.array(keys, { maxLength: 40 }), fc.integer({ min: 2, max: 20 }), (pressed, columns) => {
      const { text, caret } = typed(...pressed);
      expect(caret).toBeGreaterThanOrEqual(0);
      expect(caret).toBeLessThanOrEqual(text.length);
      const shown = rowsOf(text, columns, caret);
      for (const row of shown.rows) expect(widthOf(row)).toBeLessThanOrEqual(columns);
      expect(shown.rows.join("")).toBe(text.replaceAll("\n", ""));
      expect(shown.caret.row).toBeLessThan(shown.rows.length);
      expect(shown.caret.column).toBeLessThanOrEqual(columns);
    }),
  );
});

test("the end of a text fits its place", () => {
  expect(tailOf("abcdef", 4)).toBe("…def");
  expect(tailOf("漢字漢字", 4)).toBe("…字");
  expect(tailOf("abc", 3)).toBe("abc");
});

test("what was searched for is found by its words, as they are or with letters between", () => {
  expect(fuzzyScore("pars", "mend the parser")).toBeDefined();
  expect(fuzzyScore("prsr", "mend the parser")).toBeDefined();
  expect(fuzzyScore("parser mend", "mend the parser")).toBeDefined();
  expect(fuzzyScore("parsec", "mend the parser")).toBeUndefined();
  expect(fuzzyScore("", "anything")).toBe(0);
  expect(fuzzyScore("oc2", "oc1", "ins_2aq252")).toBeUndefined();
  expect(fuzzyScore("oc1 ready", "oc1", "ready")).toBeDefined();
  expect(fuzzyScore("parser", "parser of dates") ?? 0).toBeGreaterThan(fuzzyScore("parser", "a reparser") ?? 0);
});
