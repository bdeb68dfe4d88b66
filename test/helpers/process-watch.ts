import { readdirSync, readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";

/** A secret in a process's arguments or environment, where it must not be. */
export interface Sighting {
  readonly secret: string;
  readonly where: "arguments" | "environment";
  readonly command: string;
}

export interface ProcessWatch extends Disposable {
  /** What was looked at, of the test's own. */
  readonly commandsSeen: ReadonlySet<string>;
  readonly sightings: readonly Sighting[];
}

export interface SeenProcess {
  readonly command: string;
  readonly environment: string;
}

export interface WatchRequest {
  /** By name; asked for at each look, since passwords are made later. */
  readonly secrets: () => ReadonlyMap<string, string>;
  /** In the environment of what belongs to the test: what was looked at is told of those. */
  readonly mark: string;
  /** May this process have this secret in its environment? Nobody may have one in its arguments. */
  readonly mayHold: (seen: SeenProcess, secret: string) => boolean;
}

const everyMs = 25;

/** Looks at arguments and environment of every process again and again. Linux only. */
export function watchProcesses({ secrets, mark, mayHold }: WatchRequest): ProcessWatch {
  const found = new Map<string, Sighting>();
  const commandsSeen = new Set<string>();
  const look = (): void => {
    const known = [...secrets()];
    for (const pid of readdirSync("/proc")) {
      if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
      const seen = { command: read(pid, "cmdline"), environment: read(pid, "environ") };
      if (seen.environment.includes(mark)) commandsSeen.add(short(seen.command));
      for (const [name, value] of known) {
        const where = seen.command.includes(value) ? "arguments" : "environment";
        if (where === "environment" && (!seen.environment.includes(value) || mayHold(seen, name))) continue;
        found.set(`${name} ${where} ${seen.command}`, { secret: name, where, command: short(seen.command) });
      }
    }
  };
  const timer = setInterval(look, everyMs);
  return {
    commandsSeen,
    get sightings() {
      return [...found.values()];
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

/** As it was when it started; empty for one that is gone or somebody else's. */
export function environmentOf(pid: number): string {
  return read(String(pid), "environ");
}

function read(pid: string, file: "cmdline" | "environ"): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1").replaceAll("\0", "\n");
  } catch {
    return "";
  }
}

function short(command: string): string {
  return stripVTControlCharacters(command).replaceAll("\n", " ").slice(0, 160).trim();
}
