import type { Processes, ProcessIdentity } from "../../ports/processes";
import { isSameProcess } from "../../process-identity";
import { findChildrenOfServers, findMarked } from "./launcher-environment";

/**
 * The living server of this incarnation: the process with `identity` if it carries the mark, else the one a census finds.
 * Tools inherit the mark and may outlive their server, so a process that OpenCode itself marked as its child is none, and of a
 * parent and its child (a wrapper script) the parent is it.
 */
export async function findServer(
  processes: Processes,
  mark: string,
  identity: ProcessIdentity | undefined,
): Promise<ProcessIdentity | undefined> {
  const marked = await findMarked(processes, mark);
  const known = identity && marked.find((candidate) => isSameProcess(candidate, identity));
  if (known !== undefined || marked.length === 0) return known;

  const children = await findChildrenOfServers(processes);
  const candidates = marked.filter((candidate) => !includes(children, candidate));
  const offspring = (await Promise.all(candidates.map((candidate) => processes.descendants(candidate)))).flat();
  return candidates.find((candidate) => !includes(offspring, candidate));
}

function includes(list: readonly ProcessIdentity[], identity: ProcessIdentity): boolean {
  return list.some((other) => isSameProcess(other, identity));
}
