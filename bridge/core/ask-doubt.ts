import type { AskContent } from "../../shared/ask";
import { fitsPattern } from "./ask-pattern";
import { commandsOfLine } from "./command-line";
import { hidesItsSubcommand } from "./program-options";

type PermissionContent = Extract<AskContent, { readonly kind: "permission" }>;

const suspectsMax = 128;
const subjectCharsMax = 16 * 1024;

export interface CommandsAsked {
  readonly commands: readonly string[];
  /** Whether that is all, and each runs what it says; else only who allows everything allows it. */
  readonly isCertain: boolean;
}

/**
 * The commands of a shell's line as we read it ourselves, beside OpenCode's patterns: those leave out what is no simple command
 * (`export PATH=…`, a redirection of a whole group), and keep spaces and quotes that the shell takes away. None when the line cannot be
 * read with certainty, or no line is asked for. `cd` to a folder below is no command (nor a pattern of OpenCode's).
 */
export function commandsAsked({ permission, details }: PermissionContent): CommandsAsked {
  if (permission !== "bash") return { commands: [], isCertain: true };
  const line = details.find(({ name }) => name === "command")?.text;
  const commands = line === undefined ? undefined : commandsOfLine(line);
  if (commands === undefined) return { commands: [], isCertain: false };
  return {
    commands: commands.filter((words) => !goesBelow(words)).map((words) => words.join(" ")),
    isCertain: !commands.some(hidesItsSubcommand),
  };
}

function goesBelow([program, folder = "", ...rest]: readonly string[]): boolean {
  return program === "cd" && rest.length === 0 && /^[^-~]/.test(folder) && !/[*?[\]]/.test(folder) && !leadsUp(folder);
}

/** Its text does not say with certainty what would be touched, so that only who allows everything allows it. */
export function isUncertain(permission: string, subject: string): boolean {
  return subject.length > subjectCharsMax || (permission !== "bash" && leadsUp(subject));
}

function leadsUp(path: string): boolean {
  return path.split(/[/\\]/).includes("..");
}

/**
 * May a pattern that denies, or that a person wants to be asked about, be meant by this, although it does not fit it? So `rm *` by
 * `sudo /bin/rm x`, `git push*` by `git -C . push`, and `/etc/*` by the wider `/*`. Rather too often than never.
 */
export function mayMean(permission: string, subject: string, pattern: string): boolean {
  if (permission !== "bash") return subject.endsWith("*") && fitsPattern(pattern, subject);
  const starts = [...subject.matchAll(/[^\s;&|/=]+/g)].map(({ index }) => index);
  if (starts.length > suspectsMax) return true;
  const program = /^\S*/.exec(subject)?.[0] ?? "";
  return starts.some((at) => {
    const rest = subject.slice(at);
    return fitsPattern(rest, pattern) || fitsPattern(`${program} ${rest}`, pattern);
  });
}
