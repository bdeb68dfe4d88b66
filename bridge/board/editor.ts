import { inert } from "../inert";

/** A text being typed. */
export interface Editor {
  readonly text: string;
  /** Before which code unit the caret is; never inside a character. */
  readonly caret: number;
}

export const emptyEditor: Editor = { text: "", caret: 0 };

/** No prompt may be longer. */
const charsMax = 1024 * 1024;
const segmenter = new Intl.Segmenter();

/** Line breaks stay, what a terminal would obey does not. */
export function withText({ text, caret }: Editor, added: string): Editor {
  const room = Math.max(0, charsMax - text.length);
  const clean = inert(added.replace(/\r\n?/g, "\n")).slice(0, room);
  return { text: text.slice(0, caret) + clean + text.slice(caret), caret: caret + clean.length };
}

/** What a key does to the text; undefined when it does nothing to it. */
export function edited(editor: Editor, key: string): Editor | undefined {
  const { text, caret } = editor;
  switch (key) {
    case "left":
      return { text, caret: before(editor) };
    case "right":
      return { text, caret: after(editor) };
    case "home":
    case "ctrl-a":
      return { text, caret: lineStart(editor) };
    case "end":
    case "ctrl-e":
      return { text, caret: lineEnd(editor) };
    case "backspace":
      return without(editor, before(editor), caret);
    case "delete":
      return without(editor, caret, after(editor));
    case "ctrl-u":
      return without(editor, lineStart(editor), caret);
    case "ctrl-k":
      return without(editor, caret, lineEnd(editor));
    case "ctrl-w":
      return without(editor, Math.max(0, text.slice(0, caret).search(/\S+\s*$/)), caret);
    case "alt-enter":
    case "ctrl-j":
      return withText(editor, "\n");
    default:
      return isCharacter(key) ? withText(editor, key) : undefined;
  }
}

/** Keys have names of several letters; characters that are typed are one, whatever their number of code units. */
function isCharacter(key: string): boolean {
  return [...key].length === 1;
}

function without({ text }: Editor, from: number, to: number): Editor {
  return { text: text.slice(0, from) + text.slice(to), caret: from };
}

function lineStart({ text, caret }: Editor): number {
  return text.lastIndexOf("\n", caret - 1) + 1;
}

function lineEnd({ text, caret }: Editor): number {
  const end = text.indexOf("\n", caret);
  return end < 0 ? text.length : end;
}

function before({ text, caret }: Editor): number {
  // A character is never longer than this; a whole prompt need not be cut up.
  const start = Math.max(0, caret - 64);
  return start + ([...segmenter.segment(text.slice(start, caret))].at(-1)?.index ?? 0);
}

function after({ text, caret }: Editor): number {
  const [first] = segmenter.segment(text.slice(caret, caret + 64));
  return caret + (first?.segment.length ?? 0);
}
