import { OctoError } from "../../octo-error";
import type { Processes, ProcessIdentity, SpawnedProcess, SpawnRequest } from "../../ports/processes";
import { processKey } from "../../process-identity";
import { sendSignal } from "../../send-signal";
import { bootId } from "./boot-id";
import { oneLookForAll } from "./one-look-for-all";
import type { ProcessRow, ProcessTable } from "./process-table";
import { spawnDetached } from "./spawn-detached";

/** No process has this start time: the identity of a child that ended before anybody could look. */
const unseenStartTime = "ended before it was seen";

/** The port, over any process table. */
export function processesOf(table: ProcessTable): Processes {
  // Fifty servers that stop at once would each read the whole table several times.
  const allRows = oneLookForAll(() => table.rows("all"));
  const allEnvironments = oneLookForAll(async () => {
    const living = (await table.rows("all")).filter(({ alive }) => alive);
    return { living, environments: await table.environments(living) };
  });

  async function livingRowsOf(identities: readonly ProcessIdentity[]): Promise<readonly ProcessRow[]> {
    const boot = await bootId();
    const ofThisBoot = identities.filter((each) => each.bootId === boot);
    if (ofThisBoot.length === 0) return [];
    const keys = new Set(ofThisBoot.map(processKey));
    const rows = await table.rows([...new Set(ofThisBoot.map(({ pid }) => pid))]);
    return rows.filter(({ pid, startTime, alive }) => alive && keys.has(processKey({ pid, startTime, bootId: boot })));
  }

  async function livingRowOf(identity: ProcessIdentity): Promise<ProcessRow | undefined> {
    return (await livingRowsOf([identity]))[0];
  }

  async function identified(rows: readonly ProcessRow[]): Promise<readonly ProcessIdentity[]> {
    const boot = await bootId();
    return rows.filter(({ alive }) => alive).map(({ pid, startTime }) => ({ pid, startTime, bootId: boot }));
  }

  return {
    spawn: (request) => spawnIdentified(table, request),
    identify: async (pid) => (await identified(await table.rows([pid])))[0],
    isAlive: async (identity) => (await livingRowOf(identity)) !== undefined,
    living: async (identities) => identified(await livingRowsOf(identities)),
    findByEnvironment: async (name, value) => {
      const { living, environments } = await allEnvironments();
      const found = living.filter(({ pid }) => environments.holds(pid, name, value));
      const statuses = await table.statuses(found.map(({ pid }) => pid));
      // Between the two looks a pid may have changed hands.
      const now = new Map((await table.rows(found.map(({ pid }) => pid))).map((row) => [row.pid, row]));
      const isSameOwn = ({ pid, startTime }: ProcessRow): boolean =>
        statuses.get(pid)?.uid === process.getuid?.() && now.get(pid)?.alive === true && now.get(pid)?.startTime === startTime;
      return identified(found.filter(isSameOwn));
    },
    descendants: async (identity) => {
      if ((await livingRowOf(identity)) === undefined) return [];
      return identified(descendantRows(await allRows(), identity.pid));
    },
    signal: async (identity, signal) => ((await livingRowOf(identity)) === undefined ? false : sendSignal(identity, signal)),
    signalGroup: async (identity, signal) => {
      if (identity.bootId !== (await bootId())) return false;
      const groupId = groupToSignal(await allRows(), identity);
      return groupId === undefined ? false : sendSignal({ groupId }, signal);
    },
    usage: async (identity) => {
      const row = await livingRowOf(identity);
      if (row === undefined) return undefined;
      const status = (await table.statuses([row.pid])).get(row.pid);
      return status && { rssBytes: status.rssBytes, cpuMs: row.cpuMs };
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
