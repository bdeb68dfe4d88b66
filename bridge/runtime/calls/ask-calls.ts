import type { Ask, AskAnswer } from "../../../shared/ask";
import { OctoError } from "../../octo-error";
import type { BridgeCalls } from "../service";
import type { ServiceParts } from "../service-parts";
import { askViews } from "../views";

export function askCalls({ engine }: ServiceParts): Pick<BridgeCalls, "list_asks" | "answer_ask"> {
  return {
    list_asks: async () => ({ asks: askViews(engine.state) }),

    async answer_ask({ askId, answer }) {
      const ask = engine.state.asks.get(askId);
      if (!ask) throw new OctoError("ASK_UNKNOWN", `there is no open ask ${askId}`);
      checkAnswer(ask, answer);
      await engine.command({ events: [{ kind: "ask-answer-requested", askId, answer }] });
      return { ask };
    },
  };
}

/** ASK_ANSWER_INVALID when the answer does not fit what is asked. */
function checkAnswer(ask: Ask, answer: AskAnswer): void {
  const invalid = (message: string) => new OctoError("ASK_ANSWER_INVALID", `${ask.id}: ${message}`);
  if (ask.content.kind === "permission") {
    if (answer.kind === "answers") throw invalid("a permission is allowed or denied");
    return;
  }
  if (answer.kind === "allow") throw invalid("a question is answered, or denied");
  if (answer.kind === "deny") return;
  if (answer.answers.length !== ask.content.questions.length) {
    throw invalid(`${ask.content.questions.length} questions, ${answer.answers.length} answers`);
  }
}
