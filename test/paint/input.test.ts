import fc from "fast-check";
import { expect, test } from "vitest";
import { type Input, nothingUnread, readInput, readRest } from "../../bridge/paint/input";

const read = (...chunks: readonly string[]): readonly Input[] => {
  const inputs: Input[] = [];
  let unread = nothingUnread;
  for (const chunk of chunks) {
    const result = readInput(unread, chunk);
    inputs.push(...result.inputs);
    unread = result.unread;
  }
  return [...inputs, ...readRest(unread).inputs];
};
const key = (name: string): Input => ({ kind: "key", key: name });

test("keys have names, characters are themselves", () => {
  expect(read("a\u001b[A\u001bOB\r\u007f\u0003漢👍 \u001b[3~")).toEqual(
    ["a", "up", "down", "enter", "backspace", "ctrl-c", "漢", "👍", " ", "delete"].map(key),
  );
});

test("a sequence that no key has means nothing", () => {
  expect(read("\u001b[99;5~x\u001b[<0;1;1M")).toEqual([key("x")]);
});

test("an escape that nothing follows is the key of that name; with Enter it is Alt", () => {
  expect(read("\u001b")).toEqual([key("escape")]);
  expect(read("\u001b\r")).toEqual([key("alt-enter")]);
});

test("a paste is one, with whatever is in it", () => {
  expect(read("x\u001b[200~a\u001b[Ab\r\nc\u001b[201~y")).toEqual([key("x"), { kind: "paste", text: "a\u001b[Ab\r\nc" }, key("y")]);
});

test("a paste whose end is lost ends with Ctrl-C, which by itself is none", () => {
  expect(read("\u001b[200~ab", "c", "\u0003", "\u0003", "x")).toEqual([{ kind: "paste", text: "abc" }, key("ctrl-c"), key("x")]);
  expect(read("\u001b[200~a\u0003b\u001b[201~")).toEqual([{ kind: "paste", text: "a\u0003b" }]);
});

test("it does not matter where the bytes are cut", () => {
  const parts = ["a", "q", "\u001b[A", "\u001b[5~", "\u001bOH", "\r", "\u001b[200~paste\nd a\u001b[201~", "\u001b[200~\u001b[201~"];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 8 }), fc.array(fc.nat(60), { maxLength: 6 }), (chosen, cuts) => {
      const whole = chosen.join("");
      const at = [...new Set(cuts.map((cut) => cut % (whole.length + 1)))].sort((a, b) => a - b);
      const chunks = [0, ...at].map((start, index) => whole.slice(start, at[index] ?? whole.length));
      expect(read(...chunks)).toEqual(read(whole));
    }),
  );
});
