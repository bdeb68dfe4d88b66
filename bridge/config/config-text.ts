import { findNodeAtLocation, getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";

/** A file larger than this is not a configuration. */
export const configBytesMax = 1024 * 1024;

/** One thing that is wrong with a configuration. */
export interface ConfigFault {
  /** Like `tasks.slots`; empty: the file as a whole. */
  readonly field: string;
  readonly line: number;
  /** Names field, value (never a secret one) and what would be right. */
  readonly message: string;
}

export interface ConfigText {
  /** What the text says; an empty object for an empty text. */
  readonly value: unknown;
  /** What is wrong with the text itself: syntax, fields given twice. */
  readonly faults: readonly ConfigFault[];
  /** Of the value there, from 1; of what is around it where there is none. */
  lineOf(path: readonly (string | number)[]): number;
}

/** Reads JSON with comments and trailing commas. Raises nothing. */
export function readConfigText(text: string): ConfigText {
  const errors: ParseError[] = [];
  const lineAt = (offset: number): number => text.slice(0, offset).split("\n").length;
  try {
    // A byte order mark is what some editors begin a file with.
    const tree = parseTree(text.replace(/^\uFEFF/, " "), errors, { allowTrailingComma: true, allowEmptyContent: true });
    // What follows the first fault of syntax is mostly of its making.
    const faults = errors.slice(0, 1).map(({ error, offset }) => ({
      field: "",
      line: lineAt(offset),
      message: sentenceOf(printParseErrorCode(error)),
    }));
    return {
      value: tree === undefined ? {} : getNodeValue(tree),
      faults: [...faults, ...(tree ? twiceGiven(tree, [], lineAt) : [])],
      lineOf: (path) => (tree ? lineAt(nodeNear(tree, path).offset) : 1),
    };
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    return { value: {}, faults: [{ field: "", line: 1, message: "it is nested too deeply" }], lineOf: () => 1 };
  }
}

/** `CloseBraceExpected` becomes "close brace expected". */
function sentenceOf(code: string): string {
  return code.replace(/\B[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
}

/** Of two values for one field a reader would drop one in silence. */
function twiceGiven(node: Node, path: readonly string[], lineAt: (offset: number) => number): readonly ConfigFault[] {
  const firstLines = new Map<string, number>();
  return (node.type === "object" ? (node.children ?? []) : []).flatMap((property) => {
    const [key, value] = property.children ?? [];
    const name = String(key?.value);
    const line = lineAt(property.offset);
    const first = firstLines.get(name);
    if (first === undefined) firstLines.set(name, line);
    const field = [...path, name];
    const own =
      first === undefined ? [] : [{ field: field.join("."), line, message: `${field.join(".")} is given twice, first in line ${first}` }];
    return [...own, ...(value ? twiceGiven(value, field, lineAt) : [])];
  });
}

/** The value's node, or its property's where a field is meant that the path ends in; else the nearest around it. */
function nodeNear(tree: Node, path: readonly (string | number)[]): Node {
  const found = findNodeAtLocation(tree, [...path]);
  if (found) return found.parent?.type === "property" ? found.parent : found;
  return path.length === 0 ? tree : nodeNear(tree, path.slice(0, -1));
}
