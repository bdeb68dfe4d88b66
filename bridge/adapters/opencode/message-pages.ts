import type { Deadline } from "./deadline";
import { AnswerError, type Http, type Page } from "./http";
import { type Message, messageListSchema } from "./schemas";

/** Messages with their tools' output and diffs can be large: a page that is too large is asked for again in smaller ones. */
const pageSizes = [25, 5, 1] as const;
const messagesMax = 2_000;

export interface MessagePlace {
  readonly directory: string;
  readonly sessionId: string;
}

/**
 * The newest messages of a session, oldest first, back to the one with `untilId` (all of its page are kept), or to the first one, or
 * `countMax` of them. Pages by OpenCode's cursor, never by comparing ids: the clocks of two machines differ.
 * OPENCODE_ANSWER_INVALID when that message may stand before the last 2,000.
 */
export async function readMessages(
  http: Http,
  place: MessagePlace,
  options: { readonly untilId?: string | undefined; readonly countMax?: number | undefined; readonly deadline: Deadline },
): Promise<readonly Message[]> {
  const countMax = options.countMax ?? messagesMax;
  let messages: readonly Message[] = [];
  let cursor: string | undefined;
  do {
    const page = await readPage(http, place, cursor, options.deadline);
    messages = [...page.value, ...messages];
    cursor = page.value.length === 0 ? undefined : page.cursor;
    if (page.value.some((message) => message.info.id === options.untilId)) return messages;
  } while (cursor !== undefined && messages.length < countMax);
  // Taken for one that is not there, its prompt would be sent again.
  if (options.untilId !== undefined && cursor !== undefined) {
    throw new AnswerError("OPENCODE_ANSWER_INVALID", `${options.untilId} is not among the last ${messages.length} messages`);
  }
  return options.countMax === undefined ? messages : messages.slice(-countMax);
}

async function readPage(
  http: Http,
  place: MessagePlace,
  before: string | undefined,
  deadline: Deadline,
): Promise<Page<readonly Message[]>> {
  for (const size of pageSizes) {
    const query = { directory: place.directory, limit: String(size), ...(before === undefined ? {} : { before }) };
    try {
      return await http.page(messageListSchema, {
        method: "GET",
        path: `/session/${encodeURIComponent(place.sessionId)}/message`,
        query,
        deadlineMs: deadline.nextMs(),
        notFound: "SESSION_UNKNOWN",
      });
    } catch (error) {
      if (!(error instanceof AnswerError && error.reason === "too-large" && size > 1)) throw error;
    }
  }
  throw new AnswerError("OPENCODE_ANSWER_INVALID", `a message of ${place.sessionId} is too large`);
}
