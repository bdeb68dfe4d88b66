import { join } from "node:path";
import { execa } from "execa";
import { eventually } from "./eventually";

/** A program in a terminal that a test can type into and read. */
export interface TmuxTerminal extends AsyncDisposable {
  /** What is on the screen, rows without trailing spaces; `-e`: with its colours. */
  screen(...options: readonly string[]): Promise<string>;
  /** Settles with the screen once it matches. */
  until(pattern: RegExp | string, options?: { readonly timeoutMs?: number; readonly not?: boolean }): Promise<string>;
  /** tmux's names of keys, or text. */
  press(...keys: readonly string[]): Promise<void>;
  /** Typed as one paste, with the marks of one if the program asked for them. */
  paste(text: string): Promise<void>;
  /** From now on every byte that the program writes goes into the file too. */
  record(file: string): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  /** Of the program itself; its end is shown as `ended with code N`, and after it how it left the terminal. */
  processId(): Promise<number>;
  /** "1" after the program asked for the other screen. */
  format(name: string): Promise<string>;
}

export interface TmuxRequest {
  /** For tmux's own socket. */
  readonly folder: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly rows?: number;
}

const callTimeoutMs = 10_000;
let terminals = 0;

export async function hasTmux(): Promise<boolean> {
  return (await execa("tmux", ["-V"], { reject: false })).exitCode === 0;
}

// Like a person's shell around the program: afterwards it tells what the terminal is like.
const around = '"$@"; echo "ended with code $?"; stty -a | tr " ;" "\\n\\n" | grep -x -e "-*icanon" -e "-*echo"; exec sleep 600';

/** Runs the command in a tmux of its own; it stays readable after the command's end. */
export async function tmuxTerminal({ folder, command, environment, columns = 80, rows = 24 }: TmuxRequest): Promise<TmuxTerminal> {
  terminals += 1;
  const socket = join(folder, `tmux-${terminals}`);
  const tmux = async (...argv: readonly string[]): Promise<string> =>
    (
      await execa("tmux", ["-S", socket, "-f", "/dev/null", ...argv], {
        env: { ...environment, LC_ALL: "C.UTF-8" },
        extendEnv: false,
        timeout: callTimeoutMs,
      })
    ).stdout;
  const size = ["-x", String(columns), "-y", String(rows)];
  // First a session that waits: options count for what is started after them.
  await tmux("new-session", "-d", "-s", "wait", ...size, "sleep 600");
  await tmux("set-option", "-g", "status", "off");
  await tmux("new-session", "-d", "-s", "main", ...size, "--", "/bin/sh", "-c", around, "sh", ...command);
  await tmux("kill-session", "-t", "wait");
  const screen = (...options: readonly string[]): Promise<string> => tmux("capture-pane", "-p", ...options, "-t", "main");
  return {
    screen,
    until: (pattern, { timeoutMs = 10_000, not = false } = {}) =>
      eventually(
        async () => {
          const text = await screen();
          const found = typeof pattern === "string" ? text.includes(pattern) : pattern.test(text);
          if (found === not) throw new Error(`${not ? "still" : "not yet"} ${pattern} on the screen:\n${text}`);
          return text;
        },
        { timeoutMs },
      ),
    press: async (...keys) => void (await tmux("send-keys", "-t", "main", ...keys)),
    paste: async (text) => {
      await tmux("set-buffer", "-b", "paste", "--", text);
      await tmux("paste-buffer", "-p", "-b", "paste", "-t", "main");
    },
    record: async (file) => void (await tmux("pipe-pane", "-t", "main", `cat > '${file}'`)),
    resize: async (x, y) => void (await tmux("resize-window", "-t", "main", "-x", String(x), "-y", String(y))),
    processId: async () => {
      const outer = await tmux("display-message", "-p", "-t", "main", "#{pane_pid}");
      return Number((await execa("pgrep", ["-P", outer], { timeout: callTimeoutMs })).stdout.split("\n")[0]);
    },
    format: (name) => tmux("display-message", "-p", "-t", "main", `#{${name}}`),
    [Symbol.asyncDispose]: async () => {
      await execa("tmux", ["-S", socket, "kill-server"], { reject: false, timeout: callTimeoutMs });
    },
  };
}
