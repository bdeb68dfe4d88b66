import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inert } from "../../bridge/inert";

const esc = "\u001b";

describe("inert text", () => {
  it.each([
    ["colours", `${esc}[31mred${esc}[0m`, "red"],
    ["cursor moves and clearing", `a${esc}[2J${esc}[1;1Hb`, "ab"],
    ["private modes", `${esc}[?1049h${esc}[>4;2mx`, "x"],
    ["titles", `${esc}]0;evil\u0007x`, "x"],
    ["the clipboard", `${esc}]52;c;aGk=${esc}\\x`, "x"],
    ["hyperlinks", `${esc}]8;;http://evil${esc}\\click${esc}]8;;${esc}\\`, "click"],
    ["device control", `${esc}P1$r0m${esc}\\x`, "x"],
    ["C1 forms of the same", "\u009b31mred\u009d0;evil\u009cx", "redx"],
    ["two-byte sequences", `${esc}cx${esc}(By`, "xy"],
    ["a bell, a backspace, a return", "a\u0007b\u0008c\rd", "abcd"],
    ["overrides of direction", "a\u202eb\u2066c\u200f", "abc"],
    ["an escape at the end", `x${esc}`, "x"],
    ["an unfinished sequence", `x${esc}[31`, "x"],
  ])("holds no %s", (_name, text, expected) => {
    expect(inert(text)).toBe(expected);
  });

  it("keeps lines, tabs and every script", () => {
    const text = "größe\t漢字\n\u05e9\u05dc\u05d5\u05dd 👩‍💻";
    expect(inert(text)).toBe(text);
  });

  it("does not let an unfinished title hide what follows", () => {
    expect(inert(`${esc}]0;shown`)).toBe("0;shown");
  });

  it("takes no longer for many unfinished titles than for their text", () => {
    const begunAtMs = performance.now();
    for (const begin of ["\u009d", "\u0090", "\u0098", "\u009e", "\u009f", `${esc}]`])
      expect(inert(`${begin}x`.repeat(200_000))).toHaveLength(200_000);
    expect(performance.now() - begunAtMs).toBeLessThan(2_000);
  });

  it("is inert whatever came in, and stays as it is when done twice", () => {
    const odd = fc.constantFrom(esc, "[", "]", "P", "\\", "\u0007", "\u009b", "\u009c", "\u202e", "m", ";", "1", "x", "\r", "\n");
    fc.assert(
      fc.property(fc.array(fc.oneof(odd, fc.string({ unit: "binary", maxLength: 2 })), { maxLength: 30 }), (parts) => {
        const text = inert(parts.join(""));
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
        expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        expect(inert(text)).toBe(text);
      }),
    );
  });
});
