import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { AskAnswer } from "../../../shared/ask";
import { addUsage } from "../../../shared/usage";
import { OctoError } from "../../octo-error";
import type { AskPlace, Endpoint, OpenAsk, OpenCodeClient, PromptRequest, TranscriptEntry, TurnReport } from "../../ports/opencode";
import { toPermissionAsk, toQuestionAsk } from "./asks";
import { listOf } from "./bounded-schemas";
import { Deadline } from "./deadline";
import { AnswerError, Http } from "./http";
import { type MessagePlace, readMessages } from "./message-pages";
import { toPromptBody } from "./prompt-body";
import { healthSchema, permissionSchema, providersSchema, questionSchema, sessionSchema, statusMapSchema } from "./schemas";
import { SessionLookup } from "./session-lookup";
import { toTranscript } from "./transcript";
import { interpretTurn, turnFrom } from "./turn";
import { toTurnMessage } from "./turn-message";

const transcriptMessagesMax = 500;

export interface ClientOptions {
  /** For one request: a healthy server took 11.5 s under load (seen). */
  readonly requestDeadlineMs: number;
  /** For what makes a server load a directory first: several seconds when cold. */
  readonly coldDeadlineMs: number;
  /** For a call that takes several requests, together. */
  readonly callDeadlineMs: number;
  /** When a verdict says that a turn never ended, it is asked for again after these: at the first idle of an abort or error
   * the stored answer is completed only 70 to 370 ms later (seen), and on a cold directory a prompt is busy only after 0.7 s (seen). */
  readonly settleDelaysMs: readonly number[];
}

/** Talks to one server over a few kept connections of its own. */
export function createClient(endpoint: Endpoint, options: ClientOptions): OpenCodeClient {
  const http = new Http(endpoint);
  const lookup = new SessionLookup(http);
  const deadlineMs = options.requestDeadlineMs;
  const deadline = (): Deadline => new Deadline(deadlineMs, options.callDeadlineMs);
  const coldDeadlineMs = options.coldDeadlineMs;
  return {
    async health() {
      const { version } = await http.json(healthSchema, { method: "GET", path: "/global/health", deadlineMs, lane: "probe" });
      return { version };
    },
    async createSession({ directory, title, permissions = [] }) {
      const session = await http.json(sessionSchema, {
        method: "POST",
        path: "/session",
        query: { directory },
        body: permissions.length > 0 ? { title, permission: permissions } : { title },
        deadlineMs: coldDeadlineMs,
      });
      return { sessionId: session.id };
    },
    prompt: (request) => sendPrompt(http, request, coldDeadlineMs),
    turn: (request) => readSettledTurn(http, lookup, request, { settleDelaysMs: options.settleDelaysMs, deadline: deadline() }),
    async abort({ directory, sessionId }) {
      const path = `${pathOf(sessionId)}/abort`;
      await http.json(z.boolean(), { method: "POST", path, query: { directory }, deadlineMs, lane: "abort" });
    },
    async disposeDirectory(directory) {
      await http.json(z.boolean(), { method: "POST", path: "/instance/dispose", query: { directory }, deadlineMs });
    },
    asks: (directory) => readAsks(http, lookup, directory, deadline()),
    answer: (ask, answer) => sendAnswer(http, ask, answer, deadlineMs),
    async models(directory) {
      const { providers } = await http.json(providersSchema, {
        method: "GET",
        path: "/config/providers",
        query: directory === undefined ? undefined : { directory },
        deadlineMs: coldDeadlineMs,
      });
      return providers.flatMap((provider) => Object.keys(provider.models).map((model) => `${provider.id}/${model}`));
    },
    async transcript(place): Promise<readonly TranscriptEntry[]> {
      return toTranscript(await readMessages(http, place, { countMax: transcriptMessagesMax, deadline: deadline() }));
    },
    close: () => http.close(),
  };
}

async function sendPrompt(http: Http, request: PromptRequest, deadlineMs: number): Promise<void> {
  const { directory, sessionId } = request;
  const body = toPromptBody(request);
  try {
    await http.accepted({
      method: "POST",
      path: `${pathOf(sessionId)}/prompt_async`,
      query: { directory },
      body,
      deadlineMs,
      notFound: "SESSION_UNKNOWN",
    });
  } catch (error) {
    // A server that failed may have stored the prompt before.
    const isUnclear = error instanceof AnswerError && error.reason === "server-error";
    throw isUnclear ? new OctoError("INSTANCE_UNRESPONSIVE", error.message, { cause: error }) : error;
  }
}

interface TurnRequest extends MessagePlace {
  readonly messageId: string;
}

async function readSettledTurn(
  http: Http,
  lookup: SessionLookup,
  request: TurnRequest,
  { settleDelaysMs, deadline }: Pick<ClientOptions, "settleDelaysMs"> & { readonly deadline: Deadline },
): Promise<TurnReport> {
  let report = await readTurn(http, lookup, request, deadline);
  for (const delayMs of settleDelaysMs) {
    if (report.kind !== "stored" && report.kind !== "interrupted") return report;
    await sleep(delayMs);
    report = await readTurn(http, lookup, request, deadline);
  }
  return report;
}

/** The status comes first: messages read after an idle status are those of an idle session. */
async function readTurn(http: Http, lookup: SessionLookup, request: TurnRequest, deadline: Deadline): Promise<TurnReport> {
  const { directory, sessionId, messageId } = request;
  try {
    const statuses = await http.json(statusMapSchema, {
      method: "GET",
      path: "/session/status",
      query: { directory },
      deadlineMs: deadline.nextMs(),
    });
    const stored = await readMessages(http, request, { untilId: messageId, deadline });
    const messages = stored.map(toTurnMessage);
    const report = interpretTurn(messages, messageId, statuses.get(sessionId) ?? { type: "idle" });
    if (report.kind !== "ended" && report.kind !== "interrupted") return report;
    const subagents = turnFrom(messages, messageId).flatMap((message) => message.subagents);
    return { ...report, usage: addUsage(report.usage, await lookup.usageOf(subagents, directory, deadline)) };
  } catch (error) {
    if (error instanceof OctoError && error.code === "SESSION_UNKNOWN") return { kind: "absent" };
    throw error;
  }
}

/** The status comes last: an ask whose session is idle by then was left behind by an abort; OpenCode keeps listing those (seen). */
async function readAsks(http: Http, lookup: SessionLookup, directory: string, deadline: Deadline): Promise<readonly OpenAsk[]> {
  const query = { directory };
  const deadlineMs = deadline.nextMs();
  const [permissions, questions] = await Promise.all([
    http.json(listOf(permissionSchema), { method: "GET", path: "/permission", query, deadlineMs }),
    http.json(listOf(questionSchema), { method: "GET", path: "/question", query, deadlineMs }),
  ]);
  const found = [...permissions.map(toPermissionAsk), ...questions.map(toQuestionAsk)];
  if (found.length === 0) return [];
  const statuses = await http.json(statusMapSchema, { method: "GET", path: "/session/status", query, deadlineMs: deadline.nextMs() });
  const asks: OpenAsk[] = [];
  for (const ask of found) {
    if (ask === undefined || (statuses.get(ask.sessionId)?.type ?? "idle") === "idle") continue;
    asks.push({ ...ask, rootSessionId: await lookup.rootOf(ask.sessionId, directory, deadline) });
  }
  return asks;
}

async function sendAnswer(http: Http, ask: AskPlace, answer: AskAnswer, deadlineMs: number): Promise<void> {
  const { path, body } = toAnswerRequest(ask, answer);
  await http.json(z.boolean(), { method: "POST", path, query: { directory: ask.directory }, body, deadlineMs, notFound: "ASK_UNKNOWN" });
}

function toAnswerRequest({ id, kind, questions = 1 }: AskPlace, answer: AskAnswer): { readonly path: string; readonly body?: unknown } {
  const path = `/${kind}/${encodeURIComponent(id)}`;
  if (kind === "permission" && answer.kind === "allow") return { path: `${path}/reply`, body: { reply: answer.scope } };
  if (kind === "permission" && answer.kind === "deny") {
    const message = answer.message === undefined ? {} : { message: answer.message };
    return { path: `${path}/reply`, body: { reply: "reject", ...message } };
  }
  if (kind === "question" && answer.kind === "answers") return { path: `${path}/reply`, body: { answers: answer.answers } };
  if (kind === "question" && answer.kind === "deny" && answer.message !== undefined) {
    const { message } = answer;
    return { path: `${path}/reply`, body: { answers: Array.from({ length: questions }, () => [message]) } };
  }
  if (kind === "question" && answer.kind === "deny") return { path: `${path}/reject` };
  throw new OctoError("ASK_ANSWER_INVALID", `a ${kind} cannot be answered with ${answer.kind}`);
}

function pathOf(sessionId: string): string {
  return `/session/${encodeURIComponent(sessionId)}`;
}
