import { execa } from "execa";
import { OctoError } from "../../octo-error";
import type { Processes } from "../../ports/processes";
import { answerWithin, tableDeadlineMs } from "./answer-within";
import type { Environments, ProcessTable } from "./process-table";
import { processesOf } from "./processes-of";
import { type PsRow, parsePsCommands, parsePsRows } from "./ps-output";

const outputBytesMax = 64 * 1024 * 1024;

/**
 * Processes as `ps` tells them, for macOS. Less than /proc: start times to 1 s; no sessions; and macOS hides the environment of its own
 * programs (/bin/sh, /usr/bin/…: System Integrity Protection), so `findByEnvironment` misses those: look at descendants too. It also
 * misses a process that changes its program at that very moment: look again before calling a place empty.
 */
export function psProcesses(platform: NodeJS.Platform = process.platform): Processes {
  return processesOf(psTable(platform));
}

function psTable(platform: NodeJS.Platform): ProcessTable {
  return {
    rows: psRows,
    statuses: async (pids) => new Map((await psRows(pids)).map((row) => [row.pid, row])),
    environments: async () => {
      const columns = ["-o", "pid=", "-o", "command="];
      // macOS: -E adds the environment behind the command; procps does it for the BSD letter e without a dash.
      const withEnvironment = platform === "darwin" ? ["-A", "-E", "-ww", ...columns] : ["axeww", ...columns];
      const [long, short] = await Promise.all([ps(withEnvironment), ps(["-A", "-ww", ...columns])]);
      return environmentsOf(parsePsCommands(long), parsePsCommands(short));
    },
  };
}

async function psRows(pids: "all" | readonly number[]): Promise<readonly PsRow[]> {
  // ps refuses the whole list for one entry that cannot be a pid, and an empty list.
  const possible = pids === "all" ? [] : pids.filter((pid) => Number.isSafeInteger(pid) && pid > 0);
  if (pids !== "all" && possible.length === 0) return [];
  const selection = pids === "all" ? ["-A"] : ["-p", possible.join(",")];
  // `lstart` is the only column with spaces, so it comes last.
  const columns = ["pid", "ppid", "pgid", "uid", "stat", "rss", "time", "lstart"].flatMap((name) => ["-o", `${name}=`]);
  return parsePsRows(await ps([...selection, ...columns]));
}

/** An argument that reads like the entry does not count: the command without environment is cut off first. */
function environmentsOf(long: ReadonlyMap<number, string>, short: ReadonlyMap<number, string>): Environments {
  return {
    holds: (pid, name, value) => {
      const whole = long.get(pid);
      const command = short.get(pid);
      if (whole === undefined || command === undefined || !whole.startsWith(command)) return false;
      return `${whole.slice(command.length)} `.includes(` ${name}=${value} `);
    },
  };
}

async function ps(args: readonly string[]): Promise<string> {
  const running = execa("ps", args, {
    // Dates of one zone and language: a start time must read the same after a journey.
    env: { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" },
    extendEnv: false,
    stdin: "ignore",
    timeout: tableDeadlineMs,
    killSignal: "SIGKILL",
    maxBuffer: outputBytesMax,
    reject: false,
  });
  const result = await answerWithin(tableDeadlineMs + 500, "ps", running);
  // Exit 1 with nothing said: no process was selected.
  if (!result.failed || (result.exitCode === 1 && result.stderr === "" && !result.isMaxBuffer)) return result.stdout;
  throw new OctoError("PROCESS_TABLE_UNREADABLE", `ps ${args.join(" ")}: ${result.shortMessage ?? result.stderr.slice(0, 500)}`);
}
