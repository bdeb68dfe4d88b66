import type { AskContent } from "../../../shared/ask";
import type { AskId } from "../../../shared/ids";
import type { OpenAsk } from "../../ports/opencode";
import { toDetails } from "./ask-details";
import type { PermissionRequest, QuestionRequest } from "./schemas";

const listedMax = 64;
const patternsMax = 256;

/** An ask whose root session is still to be found. */
export type RootlessAsk = Omit<OpenAsk, "rootSessionId">;

/** OpenCode's ids of permissions and questions. */
export function isAskId(id: string): id is AskId {
  return /^(per|que)_/.test(id);
}

/** Undefined when its id is none of OpenCode's. */
export function toPermissionAsk(request: PermissionRequest): RootlessAsk | undefined {
  return toAsk(request, {
    kind: "permission",
    permission: request.permission,
    patterns: request.patterns.slice(0, patternsMax),
    patternsLeftOut: Math.max(0, request.patterns.length - patternsMax),
    always: shownAlways(request.always),
    details: toDetails(request.metadata),
  });
}

/** Nobody says "always" to more than they know of. */
function shownAlways(always: readonly string[]): readonly string[] {
  if (always.length <= listedMax) return always;
  return [...always.slice(0, listedMax - 1), `and ${always.length - listedMax + 1} more that are not shown`];
}

/** Undefined when its id is none of OpenCode's. */
export function toQuestionAsk(request: QuestionRequest): RootlessAsk | undefined {
  const questions = request.questions.slice(0, listedMax).map((question) => ({
    header: question.header,
    question: question.question,
    options: question.options.slice(0, listedMax),
    multiple: question.multiple ?? false,
  }));
  return toAsk(request, { kind: "question", questions });
}

function toAsk(request: { readonly id: string; readonly sessionID: string }, content: AskContent): RootlessAsk | undefined {
  return isAskId(request.id) ? { id: request.id, sessionId: request.sessionID, content } : undefined;
}
