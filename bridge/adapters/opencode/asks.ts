import type { AskContent } from "../../../shared/ask";
import type { AskId } from "../../../shared/ids";
import type { OpenAsk } from "../../ports/opencode";
import { toDetails } from "./ask-details";
import { cutText } from "./bounded-schemas";
import type { PermissionRequest, QuestionRequest } from "./schemas";

const listedMax = 64;
const patternsMax = 256;
/** Of all patterns together. */
const patternsCharactersMax = 64 * 1024;
const alwaysCharactersMax = 4_000;

/** An ask whose root session is still to be found. */
export type RootlessAsk = Omit<OpenAsk, "rootSessionId">;

/** OpenCode's ids of permissions and questions. */
export function isAskId(id: string): id is AskId {
  return /^(per|que)_/.test(id);
}

/** Undefined when its id is none of OpenCode's. */
export function toPermissionAsk(request: PermissionRequest): RootlessAsk | undefined {
  const patterns = shownPatterns(request.patterns);
  return toAsk(request, {
    kind: "permission",
    permission: request.permission,
    patterns,
    patternsLeftOut: request.patterns.length - patterns.length,
    always: shownAlways(request.always),
    details: toDetails(request.metadata),
  });
}

/** The first ones, as many as can be shown; a rule allows nothing when one is left out. */
function shownPatterns(patterns: readonly string[]): readonly string[] {
  let charactersLeft = patternsCharactersMax;
  const end = patterns.slice(0, patternsMax).findIndex((pattern) => {
    charactersLeft -= pattern.length;
    return charactersLeft < 0;
  });
  return patterns.slice(0, end === -1 ? patternsMax : end);
}

/** Nobody says "always" to more than they know of. */
function shownAlways(always: readonly string[]): readonly string[] {
  const shown = always
    .slice(0, always.length > listedMax ? listedMax - 1 : listedMax)
    .map((pattern) => cutText(pattern, alwaysCharactersMax));
  return always.length > listedMax ? [...shown, `and ${always.length - shown.length} more that are not shown`] : shown;
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
