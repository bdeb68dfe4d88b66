import { newId } from "./ids";
import { type JsonObject, objectOf, objectsOf, textOf } from "./json";
import type { World } from "./world";

/**
 * Stores a prompt: the message and its parts, by their ids when it brings them, so that the same prompt posted twice is one.
 * A model named once sticks to the session (seen).
 */
export function storePrompt(world: World, sessionId: string, body: JsonObject): string {
  const session = world.store.session(sessionId);
  const model = modelOf(world, session, body);
  const agent = textOf(body, "agent") ?? "build";
  const id = textOf(body, "messageID") ?? newId("msg");
  world.putSession({ ...session, agent, model: { id: model.modelID, providerID: model.providerID } });
  const created = world.store.message(sessionId, id)?.info.time ?? { created: Date.now() };
  world.putMessage({ id, role: "user", sessionID: sessionId, time: created, agent, model });
  for (const part of objectsOf(body, "parts")) {
    world.putPart({ ...part, id: textOf(part, "id") ?? newId("prt"), messageID: id, sessionID: sessionId });
  }
  return id;
}

function modelOf(
  world: World,
  session: JsonObject | undefined,
  body: JsonObject,
): { readonly providerID: string; readonly modelID: string } {
  const given = objectOf(body, "model");
  const kept = objectOf(session, "model");
  const [providerID = "", ...rest] = (world.options.models[0] ?? "").split("/");
  return {
    providerID: textOf(given, "providerID") ?? textOf(kept, "providerID") ?? providerID,
    modelID: textOf(given, "modelID") ?? textOf(kept, "id") ?? rest.join("/"),
  };
}
