import { OctoError } from "../../octo-error";
import type { Processes, ProcessIdentity, SpawnedProcess, SpawnRequest } from "../../ports/processes";
import { sendSignal } from "../../send-signal";
import { bootId } from "./boot-id";
import type { ProcessRow, ProcessTable } from "./process-table";
import { spawnDetached } from "./spawn-detached";

/** No process has this start time: the identity of a child that ended before anybody could look. */
const unseenStartTime = "ended before it was seen";

/** The port, over any process table. */
export function processesOf(table: ProcessTable): Processes {
  /** The row of exactly this process; a zombie's too. */
  async function rowOf(identity: ProcessIdentity): Promise<ProcessRow | undefined> {
    if (identity.bootId !== (await bootId())) return undefined;
    const [row] = await table.rows([identity.pid]);
    return row?.startTime === identity.startTime ? row : undefined;
  }

  async function livingRowOf(identity: ProcessIdentity): Promise<ProcessRow | undefined> {
    const row = await rowOf(identity);
    return row?.alive ? row : undefined;
  }

  async function identified(rows: readonly ProcessRow[]): Promise<readonly ProcessIdentity[]> {
    const boot = await bootId();
    return rows.filter(({ alive }) => alive).map(({ pid, startTime }) => ({ pid, startTime, bootId: boot }));
  }

  return {
    spawn: (request) => spawnIdentified(table, request),
    identify: async (pid) => (await identified(await table.rows([pid])))[0],
    isAlive: async (identity) => (await livingRowOf(identity)) !== undefined,
    findByEnvironment: async (name, value) => {
      const own = (await table.rows("all")).filter(({ alive, uid }) => alive && uid === process.getuid?.());
      const found = await table.withEnvironment(own, name, value);
      // Between the two looks a pid may have changed hands.
      const now = new Map((await table.rows(found.map(({ pid }) => pid))).map((row) => [row.pid, row]));
      return identified(found.filter(({ pid, startTime }) => now.get(pid)?.alive && now.get(pid)?.startTime === startTime));
    },
    descendants: async (identity) => {
      if ((await livingRowOf(identity)) === undefined) return [];
      return identified(descendantRows(await table.rows("all"), identity.pid));
    },
    signal: async (identity, signal) => ((await livingRowOf(identity)) === undefined ? false : sendSignal(identity, signal)),
    signalGroup: async (identity, signal) => {
      if (identity.bootId !== (await bootId())) return false;
      const groupId = groupToSignal(await table.rows("all"), identity);
      return groupId === undefined ? false : sendSignal({ groupId }, signal);
    },
    usage: async (identity) => {
      const row = await livingRowOf(identity);
      return row === undefined ? undefined : { rssBytes: row.rssBytes, cpuMs: row.cpuMs };
    },
  };
}

async function spawnIdentified(table: ProcessTable, request: SpawnRequest): Promise<SpawnedProcess> {
  // First, so that nothing is running when it cannot be told.
  const boot = await bootId();
  const { pid, exited } = await spawnDetached(request);
  let ended = false;
  void exited.then(() => {
    ended = true;
  });
  try {
    const [row] = await table.rows([pid]);
    // Once it is reaped its pid may be another's.
    if (ended) return { identity: { pid, startTime: unseenStartTime, bootId: boot }, exited };
    if (row === undefined) throw new OctoError("PROCESS_TABLE_UNREADABLE", `process ${pid} runs, but the system does not show it`);
    return { identity: { pid, startTime: row.startTime, bootId: boot }, exited };
  } catch (thrown) {
    // Nobody could ever stop it without an identity.
    sendSignal({ groupId: pid }, "SIGKILL");
    throw thrown;
  }
}

function descendantRows(rows: readonly ProcessRow[], rootPid: number): readonly ProcessRow[] {
  const found = new Map<number, ProcessRow>();
  const parents = [rootPid];
  for (let parent = parents.pop(); parent !== undefined; parent = parents.pop()) {
    for (const row of rows) {
      if (row.parentPid !== parent || row.pid === rootPid || found.has(row.pid)) continue;
      found.set(row.pid, row);
      parents.push(row.pid);
    }
  }
  return [...found.values()];
}

/**
 * The group of a process, also after the process itself is gone: a pid is not given away while a group bears its number, so a
 * stranger with that pid proves that the group is gone. Undefined when no member lives, and for our own group.
 */
function groupToSignal(rows: readonly ProcessRow[], identity: ProcessIdentity): number | undefined {
  const holder = rows.find(({ pid }) => pid === identity.pid);
  if (holder !== undefined && holder.startTime !== identity.startTime) return undefined;
  const groupId = holder?.groupId ?? identity.pid;
  if (groupId === rows.find(({ pid }) => pid === process.pid)?.groupId) return undefined;
  const members = rows.filter((row) => row.alive && row.groupId === groupId);
  // Without its leader, a group is only ours when it is in the session that `spawn` made for it.
  const ours = members.filter(({ sessionId }) => holder !== undefined || sessionId === undefined || sessionId === groupId);
  return ours.length > 0 ? groupId : undefined;
}
