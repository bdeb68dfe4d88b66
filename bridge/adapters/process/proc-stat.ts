/** What we use of /proc/PID/stat; source: proc_pid_stat(5). */
export interface ProcStat {
  readonly state: string;
  readonly parentPid: number;
  readonly groupId: number;
  readonly sessionId: number;
  /** Clock ticks since boot, as text: compared, never computed with. */
  readonly startTime: string;
  readonly cpuMs: number;
}

/** USER_HZ is 100 on every architecture that Node runs on; source: time(7). */
const msPerTick = 10;

/** Undefined when the text is not a stat line. The program's name (field 2) may hold spaces, parentheses and line feeds. */
export function parseProcStat(text: string): ProcStat | undefined {
  const nameEnd = text.lastIndexOf(")");
  if (nameEnd < 0) return undefined;
  // Field 3 of the manual is fields[0] here.
  const fields = text
    .slice(nameEnd + 1)
    .trim()
    .split(/\s+/);
  const [state, parentPid, groupId, sessionId] = fields;
  const [userTicks, systemTicks, startTime] = [fields[11], fields[12], fields[19]];
  if (!state || startTime === undefined) return undefined;
  return {
    state,
    parentPid: Number(parentPid),
    groupId: Number(groupId),
    sessionId: Number(sessionId),
    startTime,
    cpuMs: (Number(userTicks) + Number(systemTicks)) * msPerTick,
  };
}
