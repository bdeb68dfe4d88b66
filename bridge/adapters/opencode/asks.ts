import type { AskContent } from "../../../shared/ask";
import type { AskId } from "../../../shared/ids";
import type { OpenAsk } from "../../ports/opencode";
import type { PermissionRequest, QuestionRequest } from "./schemas";

const metadataBytesMax = 16 * 1024;
const clippedCharactersMax = 2_000;
const listedMax = 64;

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
    patterns: request.patterns.slice(0, listedMax),
    always: request.always.slice(0, listedMax),
    metadata: toMetadata(request.metadata),
  });
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

/** JSON of at most 16 KiB: what is too long keeps its texts, shortened; what is too wide is left out. */
function toMetadata(metadata: Readonly<Record<string, unknown>>): string {
  const whole = JSON.stringify(metadata);
  if (Buffer.byteLength(whole) <= metadataBytesMax) return whole;
  const clipped = JSON.stringify(metadata, (_key, value: unknown) => (typeof value === "string" ? clip(value) : value));
  return Buffer.byteLength(clipped) <= metadataBytesMax ? clipped : JSON.stringify({ omitted: `${Buffer.byteLength(whole)} bytes` });
}

function clip(text: string): string {
  return text.length > clippedCharactersMax ? `${text.slice(0, clippedCharactersMax)}…` : text;
}
