import type { AskView } from "../../shared/ask";
import type { ErrorCode } from "../../shared/errors";
import type { HostId, InstanceId, TaskId } from "../../shared/ids";
import type { InstanceView } from "../../shared/instance";
import type { TaskView } from "../../shared/task";
import { givenHostId, givenTaskId, localHost } from "../ids";
import { OctoError } from "../octo-error";
import type { Client } from "./client";

const candidatesShownMax = 5;

/**
 * The one thing that a person means: by its whole name, else by a beginning or end of its id that only one has. Raises `unknown`
 * when none fits, NAME_AMBIGUOUS with the candidates when several do.
 */
export function findOne<Thing>(
  given: string,
  things: readonly Thing[],
  namesOf: (thing: Thing) => readonly string[],
  unknown: { readonly code: ErrorCode; readonly noun: string },
): Thing {
  const exact = things.filter((thing) => namesOf(thing).includes(given));
  const found = exact.length > 0 ? exact : things.filter((thing) => namesOf(thing).some((name) => isShortFor(given, name)));
  const [first, second] = found;
  if (first === undefined || given === "") throw new OctoError(unknown.code, `there is no ${unknown.noun} ${JSON.stringify(given)}`);
  if (second === undefined) return first;
  const candidates = found.slice(0, candidatesShownMax).map((thing) => namesOf(thing)[0]);
  const more = found.length > candidatesShownMax ? ", …" : "";
  throw new OctoError("NAME_AMBIGUOUS", `${JSON.stringify(given)} fits ${found.length} ${unknown.noun}s: ${candidates.join(", ")}${more}`);
}

/** The prefix (`tsk_`) may be left out of a beginning. */
function isShortFor(given: string, name: string): boolean {
  return name.startsWith(given) || name.endsWith(given) || name.replace(/^[a-z]{3}_/, "").startsWith(given);
}

export async function findTask(client: Client, given: string): Promise<TaskView> {
  const whole = await wholeId(client, given);
  if (whole) return whole;
  const { tasks } = await client.call("list_tasks", { all: true });
  return findOne(given, tasks, ({ id }) => [id], { code: "TASK_UNKNOWN", noun: "task" });
}

/** A whole id needs no list, which may leave out the oldest. */
async function wholeId(client: Client, given: string): Promise<TaskView | undefined> {
  if (!/^tsk_[A-Za-z0-9_-]{1,64}$/.test(given)) return undefined;
  try {
    return (await client.call("get_task", { taskId: givenTaskId(given) })).task;
  } catch (thrown) {
    if (thrown instanceof OctoError && thrown.code === "TASK_UNKNOWN") return undefined;
    throw thrown;
  }
}

export async function findTaskIds(client: Client, given: readonly string[]): Promise<readonly TaskId[]> {
  const ids: TaskId[] = [];
  for (const each of given) ids.push((await findTask(client, each)).id);
  return ids;
}

/** By name too. */
export async function findInstances(client: Client, given: readonly string[]): Promise<readonly InstanceView[]> {
  if (given.length === 0) return [];
  const { instances } = await client.call("list_opencode_servers", {});
  return given.map((each) => findOne(each, instances, ({ id, name }) => [id, name], { code: "INSTANCE_UNKNOWN", noun: "instance" }));
}

export async function findInstanceIds(client: Client, given: readonly string[]): Promise<readonly InstanceId[]> {
  return (await findInstances(client, given)).map(({ id }) => id);
}

/** Whole names only: a host is named by the person. A task for a mistyped one would wait for ever. */
export async function findHostIds(client: Client, given: readonly string[]): Promise<readonly HostId[]> {
  const wanted = given.map(givenHostId);
  if (wanted.every((name) => name === localHost)) return wanted;
  const { hosts } = await client.call("list_hosts", {});
  const unknown = wanted.find((name) => name !== localHost && !hosts.some((host) => host.name === name));
  if (unknown !== undefined) throw new OctoError("HOST_UNKNOWN", `there is no host ${JSON.stringify(unknown)}`);
  return wanted;
}

export async function findAsk(client: Client, given: string): Promise<AskView> {
  const { asks } = await client.call("list_asks", {});
  return findOne(given, asks, ({ id }) => [id], { code: "ASK_UNKNOWN", noun: "ask" });
}
