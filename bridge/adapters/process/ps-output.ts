import type { ProcessRow, ProcessStatus } from "./process-table";

export type PsRow = ProcessRow & ProcessStatus;

/** Lines of `pid ppid pgid uid stat rss time lstart`; lines of another shape are left out. */
export function parsePsRows(text: string): readonly PsRow[] {
  return text.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(-?\d+)\s+(\S+)\s+(\d+)\s+(\S+)\s+(\S.*?)\s*$/.exec(line);
    if (match === null) return [];
    const [, pid, parentPid, groupId, uid, state = "", rssKib, time = "", startTime = ""] = match;
    return [
      {
        pid: Number(pid),
        parentPid: Number(parentPid),
        groupId: Number(groupId),
        sessionId: undefined,
        uid: Number(uid),
        alive: !/^[ZX]/.test(state),
        startTime,
        rssBytes: Number(rssKib) * 1024,
        cpuMs: parsePsTime(time),
      },
    ];
  });
}

/** `MMM:SS.hh` on macOS, `[DD-]HH:MM:SS` on Linux; in milliseconds. */
export function parsePsTime(time: string): number {
  const [days, clock] = time.includes("-") ? time.split("-", 2) : ["0", time];
  const seconds = (clock ?? "").split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  return Math.round((Number(days) * 86_400 + seconds) * 1_000);
}

/** Lines of `pid command…`, by pid. */
export function parsePsCommands(text: string): ReadonlyMap<number, string> {
  const commands = new Map<number, string>();
  for (const line of text.split("\n")) {
    const match = /^\s*(\d+) (.*)$/.exec(line);
    if (match !== null) commands.set(Number(match[1]), (match[2] ?? "").trimEnd());
  }
  return commands;
}
