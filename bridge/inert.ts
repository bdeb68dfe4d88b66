// Sequences of a terminal: CSI, then OSC/DCS/SOS/PM/APC up to their end (without one before the next of them begins, only their beginning:
// text is not to be hidden), then the two- and three-byte ones.
const sequences =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u0090\u0098\u009c-\u009f]*(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]*[0-~]?/g;
// C0 but tab and newline, DEL, C1.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
// Marks, embeddings, overrides and isolates that make a text read other than it is.
const directions = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * The text without anything that a terminal obeys or that turns its reading order: escape sequences whole, control characters
 * other than tab and newline, bidirectional overrides. For every text of a model, a tool or a repository that is shown.
 */
export function inert(text: string): string {
  return text.replace(sequences, "").replace(controls, "").replace(directions, "");
}

/** The same on one line, for cells and titles. */
export function oneLine(text: string): string {
  return inert(text).replace(/\s+/g, " ").trim();
}
