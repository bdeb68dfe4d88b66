import type { Instance } from "../core/instance";
import type { EffectParts } from "./effect-parts";
import { askOf } from "./news-events";

export type ListAsksParts = Pick<EffectParts, "links" | "state" | "post" | "epochMs" | "stopping" | "pause" | "log" | "errorOf">;

const againMs = 2_000;

/**
 * Tells what the instance waits for a person with. An ask that came while nobody listened is told in no other way, so this goes on until
 * there is an answer, or another start of the instance.
 */
export async function listAsks(parts: ListAsksParts, instance: Instance): Promise<void> {
  while (!parts.stopping.aborted && parts.links.get(instance.id)?.incarnation === instance.incarnation) {
    try {
      return await tellAsks(parts, instance);
    } catch (thrown) {
      const error = parts.errorOf(thrown);
      parts.log("asks not listed, trying again", { instance: instance.id, code: error.code, reason: error.message });
      await parts.pause(againMs);
    }
  }
}

async function tellAsks(parts: ListAsksParts, instance: Instance): Promise<void> {
  const state = parts.state();
  const client = parts.links.client(instance.id, instance.incarnation);
  const lists = await Promise.all(
    [...foldersOf(parts, instance)].map(async (directory) => {
      const open = await client.asks(directory);
      return open.map((ask) => askOf(instance, ask, directory, state.asks.get(ask.id)?.askedAtEpochMs ?? parts.epochMs()));
    }),
  );
  parts.post({ instanceId: instance.id, incarnation: instance.incarnation, kind: "asks-listed", asks: lists.flat() });
}

/** Where it works, and where it asked before. */
function foldersOf(parts: ListAsksParts, { id }: Instance): ReadonlySet<string> {
  const state = parts.state();
  const directories = new Set<string>();
  for (const { state: at } of state.tasks.active()) {
    const { attempt } = at;
    const directory = attempt.instanceId === id ? (attempt.resumes?.directory ?? attempt.workspace?.directory) : undefined;
    if (directory !== undefined) directories.add(directory);
  }
  for (const ask of state.asks.values()) if (ask.instanceId === id) directories.add(ask.directory);
  return directories;
}
