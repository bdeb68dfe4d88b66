import type { Ask, AskAnswer, AskView } from "../../../shared/ask";
import { takesAnswer } from "../../core/open-ask";
import { OctoError } from "../../octo-error";
import { parseAuditEntry } from "../ask-documents";
import { askViews } from "../ask-views";
import type { BridgeCalls } from "../service";
import type { ServiceParts } from "../service-parts";
import { parseAskResult } from "./stored-results";

const briefCharactersMax = 500;
const auditDefaultMax = 200;

export function askCalls({ engine, store, requests }: ServiceParts): Pick<BridgeCalls, "list_asks" | "answer_ask" | "list_audit"> {
  return {
    list_asks: async ({ brief = false }) => ({ asks: askViews(engine.state, engine.now()).map((ask) => (brief ? cut(ask) : ask)) }),

    answer_ask: (params, { requestId }) =>
      requests.once(
        "answer_ask",
        requestId,
        params,
        async (record) => {
          const { askId, answer, surface = "api" } = params;
          const ask = engine.state.asks.get(askId);
          if (!ask) throw new OctoError("ASK_UNKNOWN", `there is no open ask ${askId}`);
          if (!takesAnswer(ask)) throw new OctoError("ASK_ANSWERED", `${askId} was answered already`);
          checkAnswer(ask, answer);
          const { openedAtMs: _, decision: __, ...told } = ask;
          const result: { readonly ask: Ask } = { ask: told };
          await engine.command({ events: [{ kind: "ask-answer-requested", askId, answer, surface }], record: record(result) });
          return result;
        },
        parseAskResult,
      ),

    async list_audit({ taskId, sinceEpochMs = 0, limit = auditDefaultMax }) {
      return { entries: store.audits({ taskId, sinceEpochMs, limit }).map(parseAuditEntry) };
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

/** For clients that parse slowly: long texts are cut. */
function cut(ask: AskView): AskView {
  if (ask.content.kind === "question") return ask;
  const details = ask.content.details.map(({ name, text }) => ({ name, text: short(text) }));
  return { ...ask, content: { ...ask.content, patterns: ask.content.patterns.map(short), details } };
}

function short(text: string): string {
  return text.length <= briefCharactersMax ? text : `${text.slice(0, briefCharactersMax)}…`;
}
