import type { Ask } from "../../shared/ask";
import type { Outside } from "./outside";
import { fromOf } from "./simulated-servers";

/** OpenCode takes an answer, or nobody hears of it. */
export function answerAsk(outside: Outside, ask: Ask): void {
  const server = outside.servers.servers.get(ask.instanceId);
  if (!server) return;
  if (!server.alive || !outside.canHear(server) || server.trouble !== "none" || outside.fails()) {
    return outside.post(outside.name("answer "), { ...fromOf(server), kind: "ask-answer-failed", askId: ask.id });
  }
  // One that OpenCode does not know any more is closed too.
  for (const turn of server.turns.values()) turn.asks.delete(ask.id);
  outside.asks.delete(ask.id);
  outside.post(outside.name("answer "), { ...fromOf(server), kind: "ask-closed", askId: ask.id, closing: { kind: "delivered" } });
}
