import type { HostId, InstanceId, TaskId } from "../shared/ids";

// The only places where a plain string becomes an id.
const alphabet = "0123456789abcdefghijkmnpqrstvwxyz";

/** As `randomBytes` of node:crypto. */
export type RandomBytes = (count: number) => Uint8Array;

function randomName(random: RandomBytes, length: number): string {
  return Array.from(random(length), (byte) => alphabet[byte % alphabet.length]).join("");
}

/** Short enough to type, random enough for a life's tasks (33^8). */
export const newTaskId = (random: RandomBytes): TaskId => `tsk_${randomName(random, 8)}` as TaskId;
export const newInstanceId = (random: RandomBytes): InstanceId => `ins_${randomName(random, 6)}` as InstanceId;
export const localHost = "local" as HostId;

/** What a person typed; the bridge says whether there is one. */
export const givenTaskId = (text: string): TaskId => text as TaskId;
export const givenHostId = (text: string): HostId => text as HostId;
