import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { oneLine } from "../../bridge/inert";
import { frameDifference, fullFrame } from "../../bridge/paint/frame";
import { clip, encode, ends, lineWidth, span } from "../../bridge/paint/line";
import { cut, widthOf, wrap } from "../../bridge/paint/text";

// One character each by Unicode, more than two cells in tmux: a note with its tail, jamo, a dakuten after a wide kana.
const threeCells = ["\u{1d158}\u{1d165}\u{1d16e}", "\u1100\u1100\u1161", "\u304b\uff9e", "1\u20e3\u{1d165}\u{1d165}"];

const nasty = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary" }),
  fc.constantFrom("漢字かな", "👩‍👩‍👧‍👦 family", "e\u0301e\u0301e\u0301", "\u001b[2Jgone", "a\tb", "‮evil", "🇩🇪🇫🇷", "x".repeat(500)),
  fc.constantFrom(...threeCells),
);
const columns = fc.integer({ min: 1, max: 60 });

describe("text", () => {
  test("is as wide as a terminal shows it", () => {
    expect([widthOf("abc"), widthOf("漢字"), widthOf("👩‍👩‍👧‍👦"), widthOf("e\u0301"), widthOf("")]).toEqual([3, 4, 2, 1, 0]);
  });

  test("has the same width by its short way as by string-width", () => {
    for (const sign of "─…›▸▏") expect([sign, widthOf(sign)]).toEqual([sign, stringWidth(sign)]);
    expect([widthOf("漢字 ⏳"), widthOf("漢字 ⏳")]).toEqual([stringWidth("漢字 ⏳"), stringWidth("漢字 ⏳")]);
  });

  test("is cut to its place, never through a character", () => {
    expect(cut("abcdef", 6)).toBe("abcdef");
    expect(cut("abcdef", 5)).toBe("abcd…");
    expect(cut("漢字漢字", 4)).toBe("漢…");
    expect(cut("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 3)).toBe("👩‍👩‍👧‍👦…");
    expect(cut("abc", 0)).toBe("");
    fc.assert(fc.property(nasty, columns, (text, width) => widthOf(cut(oneLine(text), width)) <= width));
  });

  test("is wrapped between words, and loses no letter", () => {
    expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
    expect(wrap("abcdefgh", 3)).toEqual(["abc", "def", "gh"]);
    expect(wrap("a\n\nb", 10)).toEqual(["a", "", "b"]);
    expect(wrap("漢字漢字", 5)).toEqual(["漢字", "漢字"]);
    expect(wrap(" abcd漢", 5)).toEqual(["", "abcd", "漢"]);
    fc.assert(
      fc.property(nasty, fc.integer({ min: 2, max: 60 }), (text, width) => {
        const lines = wrap(text, width);
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
        const letters = (each: string) => each.replace(/\s/g, "");
        expect(letters(lines.join(""))).toBe(letters(oneLine(text)));
      }),
    );
  });

  test("of a megabyte in one line is wrapped in no time", () => {
    const startMs = performance.now();
    expect(wrap("漢".repeat(20_000), 80)).toHaveLength(500);
    expect(cut("x".repeat(1_000_000), 80)).toHaveLength(80);
    expect(performance.now() - startMs).toBeLessThan(2_000);
  });
});

describe("lines", () => {
  test("never take more cells than there are", () => {
    fc.assert(
      fc.property(fc.array(nasty, { maxLength: 5 }), columns, (texts, width) => {
        const line = texts.map((text) => span(oneLine(text), "red"));
        expect(lineWidth(clip(line, width))).toBeLessThanOrEqual(width);
        expect(lineWidth(ends(line, [span("right")], width))).toBeLessThanOrEqual(width);
      }),
    );
  });

  test("have two ends", () => {
    expect(ends([span("left")], [span("right")], 12).map(({ text }) => text)).toEqual(["left", "   ", "right"]);
    expect(ends([span("a long left")], [span("right")], 12).map(({ text }) => text)).toEqual(["a lon…", " ", "right"]);
  });

  test("have colours only where they are wanted", () => {
    expect(encode([span("a"), span("b", "red")], 5, 16)).toBe("a\u001b[31mb\u001b[0m\u001b[K");
    expect(encode([span("a"), span("b", "red")], 5, 256)).toBe("a\u001b[38;5;203mb\u001b[0m\u001b[K");
    expect(encode([span("a"), span("b", "red")], 5, "none")).toBe("ab\u001b[K");
  });

  test("that fill their row leave its last cell alone", () => {
    expect(encode([span("abc")], 3, 16)).toBe("abc");
  });
});

describe("frames", () => {
  test("draw the rows that differ and no others", () => {
    const difference = frameDifference(["a", "b", "c"], ["a", "B", "c"]);
    expect(difference).toContain("\u001b[2;1HB");
    expect(difference).not.toContain("\u001b[1;1H");
    expect(frameDifference(["a"], ["a"])).toBe("");
    expect(fullFrame(["a", "b"])).toContain("\u001b[1;1Ha\u001b[2;1Hb");
  });
});
