import { randomBytes } from "node:crypto";
import type { HostId, InstanceId, TaskId } from "../shared/ids";

// The only places where a plain string becomes an id.
const alphabet = "0123456789abcdefghijkmnpqrstvwxyz";

function randomName(length: number): string {
  return Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join("");
}

/** Short enough to type, random enough for a life's tasks (33^8). */
export const newTaskId = (): TaskId => `tsk_${randomName(8)}` as TaskId;
export const newInstanceId = (): InstanceId => `ins_${randomName(6)}` as InstanceId;
export const localHost = "local" as HostId;

/** What a person typed; the bridge says whether there is one. */
export const givenTaskId = (text: string): TaskId => text as TaskId;
export const givenHostId = (text: string): HostId => text as HostId;
