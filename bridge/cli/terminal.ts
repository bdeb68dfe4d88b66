type Paint = (text: string) => string;

/** Colours; each gives the text as it is where colours are off. */
export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
}

/** Where a command writes. Texts of models, tools and users pass `inert` or `oneLine` first. */
export interface Terminal {
  /** What was asked for, on stdout. */
  out(text: string): void;
  /** Progress, notices and errors, on stderr. */
  note(text: string): void;
  readonly outStyle: Style;
  readonly noteStyle: Style;
  /** Width of stdout; undefined when it is no terminal, then nothing is cut. */
  readonly columns: number | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;
type Stream = NodeJS.WriteStream;

export function createTerminal(stdout: Stream, stderr: Stream, environment: Environment): Terminal {
  return {
    out: (text) => void stdout.write(text),
    note: (text) => void stderr.write(text),
    outStyle: createStyle(hasColours(stdout, environment)),
    noteStyle: createStyle(hasColours(stderr, environment)),
    columns: stdout.isTTY ? stdout.columns : undefined,
  };
}

/** https://no-color.org: any value but an empty one turns colours off. */
function hasColours(stream: Stream, environment: Environment): boolean {
  return stream.isTTY === true && (environment.NO_COLOR ?? "") === "" && environment.TERM !== "dumb";
}

function createStyle(on: boolean): Style {
  const paint = (start: number, end: number): Paint => (on ? (text) => `\u001b[${start}m${text}\u001b[${end}m` : (text) => text);
  return { bold: paint(1, 22), dim: paint(2, 22), red: paint(31, 39), green: paint(32, 39), yellow: paint(33, 39), cyan: paint(36, 39) };
}

/** One JSON value; what a terminal would obey is escaped, so that showing it is as safe as piping it. */
export function toJson(value: unknown): string {
  // JSON.stringify escapes C0 itself; DEL, C1 and the marks of reading direction are left.
  const escaped = JSON.stringify(value, undefined, 2).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${escaped}\n`;
}
