import type { AskClosing } from "../core/ask-close";
import type { AskEffect } from "../core/effect";
import type { EffectParts } from "./effect-parts";

/** Gives an answer to OpenCode, and tells whether it took it. */
export async function answerAsk(parts: EffectParts, { ask, answer }: AskEffect): Promise<void> {
  const instance = parts.state().instances.get(ask.instanceId);
  if (!instance) return;
  const from = { instanceId: instance.id, incarnation: instance.incarnation, askId: ask.id };
  const closed = (closing: AskClosing) => parts.post({ ...from, kind: "ask-closed", closing });
  try {
    const client = parts.links.client(instance.id, instance.incarnation);
    const { id, directory, content } = ask;
    const questions = content.kind === "question" ? content.questions.length : undefined;
    await client.answer({ id, directory, kind: content.kind, questions }, answer);
    closed({ kind: "delivered" });
  } catch (thrown) {
    const error = parts.errorOf(thrown);
    if (error.code === "ASK_UNKNOWN") return closed({ kind: "gone" });
    parts.log("an answer did not get through, trying again", { ask: ask.id, code: error.code, reason: error.message });
    parts.post({ ...from, kind: "ask-answer-failed" });
  }
}
