import type { Size } from "../../paint/frame";
import { type Input, nothingUnread, readInput, readRest } from "../../paint/input";
import type { Palette } from "../../paint/line";

type Environment = Readonly<Record<string, string | undefined>>;

export interface TerminalListeners {
  /** `alone`: nothing else came with it. */
  readonly onInput: (input: Input, alone: boolean) => void;
  readonly onResize: () => void;
  /** Nobody is there any more. */
  readonly onGone: () => void;
}

/** The terminal that a person sits at, as the board's own while it is entered. */
export interface BoardTerminal {
  readonly palette: Palette;
  size(): Size;
  write(text: string): void;
  /** May be called twice, as `leave`. */
  enter(): void;
  /** As it was found: screen, cursor, modes, also from within an exit. */
  leave(): void;
}

/** The other screen, no cursor, pastes marked. */
const enterText = "\u001b[?1049h\u001b[2J\u001b[?25l\u001b[?2004h";
const leaveText = "\u001b[?2026l\u001b[?2004l\u001b[?7h\u001b[?25h\u001b[0m\u001b[?1049l";
/** An escape that nothing follows for so long was the key of that name. */
const escapeMs = 30;
const unknownSize: Size = { columns: 80, rows: 24 };

export function createBoardTerminal(
  stdin: NodeJS.ReadStream,
  stdout: NodeJS.WriteStream,
  environment: Environment,
  listeners: TerminalListeners,
): BoardTerminal {
  let entered = false;
  let unread = nothingUnread;
  let timer: NodeJS.Timeout | undefined;
  const give = ({ inputs, unread: left }: ReturnType<typeof readInput>): void => {
    unread = left;
    for (const input of inputs) listeners.onInput(input, inputs.length === 1);
  };
  const onData = (bytes: string): void => {
    clearTimeout(timer);
    give(readInput(unread, bytes));
    if (unread.sequence !== "") timer = setTimeout(() => give(readRest(unread)), escapeMs);
  };
  const restore = (): void => {
    // The terminal may be gone.
    ignoringErrors(() => stdout.write(leaveText));
    ignoringErrors(() => stdin.setRawMode(false));
  };
  return {
    palette: paletteOf(environment),
    size: () => (stdout.columns > 0 && stdout.rows > 0 ? { columns: stdout.columns, rows: stdout.rows } : unknownSize),
    write: (text) => void stdout.write(text),
    enter() {
      if (entered) return;
      entered = true;
      unread = nothingUnread;
      process.once("exit", restore);
      stdin.setRawMode(true);
      stdin.setEncoding("utf8");
      stdin.on("data", onData).on("end", listeners.onGone).on("error", listeners.onGone);
      stdout.on("resize", listeners.onResize).on("error", listeners.onGone);
      stdin.resume();
      stdout.write(enterText);
    },
    leave() {
      if (!entered) return;
      entered = false;
      clearTimeout(timer);
      stdin.pause();
      stdin.off("data", onData).off("end", listeners.onGone).off("error", listeners.onGone);
      stdout.off("resize", listeners.onResize);
      restore();
      stdout.off("error", listeners.onGone);
      process.off("exit", restore);
    },
  };
}

/** https://no-color.org: any value but an empty one turns colours off. */
function paletteOf({ NO_COLOR = "", TERM = "", COLORTERM = "" }: Environment): Palette {
  if (NO_COLOR !== "") return "none";
  return TERM.includes("256color") || COLORTERM !== "" ? 256 : 16;
}

function ignoringErrors(call: () => unknown): void {
  try {
    call();
  } catch {
    // Nothing is left to restore.
  }
}
