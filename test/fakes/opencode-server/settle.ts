import type { Assistant } from "./assistant";
import type { JsonObject } from "./json";
import type { Phase } from "./turn";
import type { World } from "./world";

export const abortedError: JsonObject = { name: "MessageAbortedError", data: { message: "Aborted" } };

/** One idle; the totals and the diffs come just after it (seen). */
export function settleNormally(world: World, sessionId: string): void {
  world.setStatus(sessionId, { type: "busy" });
  world.setStatus(sessionId, { type: "idle" });
  const session = world.store.session(sessionId);
  if (session !== undefined) world.putSession(session);
  const user = world.store.messages(sessionId).findLast(({ info }) => info.role === "user");
  if (user !== undefined) world.putMessage({ ...user.info, summary: { diffs: [] } });
}

/** Of a turn that answered, the session said idle already, and says so again; one that waited for a retry holds no error (seen). */
export async function settleAborted(world: World, sessionId: string, assistant: Assistant | undefined, phase: Phase): Promise<void> {
  await later(world.options.settleMs);
  assistant?.breakOff(phase === "retrying" ? undefined : abortedError);
  world.setStatus(sessionId, { type: "idle" });
}

/** Idle comes before the message holds the error, and once more after it (seen, 44 ms). */
export async function settleFailed(world: World, sessionId: string, assistant: Assistant | undefined, error: JsonObject): Promise<void> {
  world.tell(sessionId, "session.error", { error });
  world.setStatus(sessionId, { type: "idle" });
  await later(world.options.settleMs);
  assistant?.breakOff(error);
  world.setStatus(sessionId, { type: "idle" });
}

/** A wrong model: the prompt is stored, nothing answers it; the error comes twice, the second time with a stack (seen). */
export function refuseModel(world: World, sessionId: string, model: string): void {
  const message = `Model not found: ${model}.`;
  world.tell(sessionId, "session.error", { error: unknown(message) });
  world.setStatus(sessionId, { type: "idle" });
  world.tell(sessionId, "session.error", { error: unknown(`ProviderModelNotFoundError: ${message}\n    at <anonymous>`) });
}

/** A wrong agent: not even the prompt is stored, and there is no idle (seen). */
export function refuseAgent(world: World, sessionId: string, agent: string): void {
  const message = `Agent not found: "${agent}". Available agents: ${world.options.agents.join(", ")}`;
  world.tell(sessionId, "session.error", { error: unknown(message) });
  world.tell(sessionId, "session.error", { error: unknown("UnknownError: UnknownError\n    at <anonymous>") });
}

function unknown(message: string): JsonObject {
  return { name: "UnknownError", data: { message } };
}

function later(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
