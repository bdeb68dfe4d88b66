import type { ErrorInfo } from "../../../shared/errors";
import { addUsage } from "../../../shared/usage";
import type { ServerNews, TurnReport } from "../../ports/opencode";
import { BoundedMap } from "./bounded-map";
import { OpenAsks } from "./open-asks";
import type { Part, SessionStatus } from "./schemas";
import type { ServerEvent } from "./server-event";
import { SessionRoots } from "./session-roots";
import { toolTitle } from "./tool-title";
import { interpretTurn } from "./turn";
import { toTurnErrorInfo } from "./turn-error";
import { TurnMemory } from "./turn-memory";
import { toUsage } from "./turn-message";

const sessionsMax = 512;
const partsMax = 4_096;
const progressEveryMs = 1_000;

type Event<Kind extends ServerEvent["kind"]> = Extract<ServerEvent, { readonly kind: Kind }>;

/** What the events told of one session. */
interface SessionState {
  readonly memory: TurnMemory;
  status: SessionStatus;
  /** Of a root: what was reported since it was last busy. */
  error?: ErrorInfo | undefined;
  progressAtMs?: number | undefined;
  startedFor?: string | undefined;
}

/**
 * Folds the events of one server into octo's news. Takes the time, reads no clock and does nothing else: the same events at the same
 * times give the same news. Lives as long as the watch, over reconnects, so that children stay with their roots. Bounded in size.
 */
export class SessionFold {
  readonly #roots = new SessionRoots();
  readonly #sessions = new BoundedMap<string, SessionState>(sessionsMax);
  readonly #asks = new OpenAsks();
  /** Parts of thinking, which is not shown. */
  readonly #thinking = new BoundedMap<string, true>(partsMax);
  /** What was last told of a tool: a running one repeats itself with each line of output. */
  readonly #toldTools = new BoundedMap<string, string>(partsMax);

  apply(event: ServerEvent, nowMs: number): readonly ServerNews[] {
    switch (event.kind) {
      case "session":
        this.#roots.learn(event.sessionId, event.parentId);
        return [];
      case "session-deleted":
        return this.#forget(event.sessionId);
      case "status":
        return this.#applyStatus(event, nowMs);
      case "idle":
        return this.#state(event.sessionId).status.type === "idle" ? [] : this.#settle(event.sessionId);
      case "error":
        return this.#applyError(event);
      case "message":
        return this.#applyMessage(event, nowMs);
      case "part":
        return [...this.#progress(event.sessionId, nowMs), ...this.#applyPart(event)];
      case "delta":
        return [...this.#progress(event.sessionId, nowMs), ...this.#applyDelta(event)];
      case "ask":
        return this.#applyAsk(event);
      case "ask-closed":
        this.#asks.close(event.askId);
        return [{ kind: "ask-closed", askId: event.askId, closing: { kind: "answered", answer: event.answer } }];
    }
  }

  /** Has the stream told whose child the session is? */
  knows(sessionId: string): boolean {
    return this.#roots.knows(sessionId);
  }

  learn(sessionId: string, parentId: string | undefined): void {
    this.#roots.learn(sessionId, parentId);
  }

  /** The verdict from the events alone: complete only for a turn that the stream has seen whole, and without its text. */
  report(sessionId: string, messageId: string): TurnReport {
    const state = this.#sessions.get(sessionId);
    return state === undefined ? { kind: "absent" } : interpretTurn(state.memory.messages, messageId, state.status);
  }

  #applyStatus({ sessionId, status }: Event<"status">, nowMs: number): readonly ServerNews[] {
    if (status.type === "idle") return this.#settle(sessionId);
    const state = this.#state(sessionId);
    state.status = status;
    const root = this.#roots.rootOf(sessionId);
    if (root === sessionId) state.error = undefined;
    if (status.type === "busy") return this.#progress(sessionId, nowMs);
    const retry = { attempt: status.attempt, message: status.message, nextAtEpochMs: status.next };
    return [...this.#progress(sessionId, nowMs), { kind: "retrying", sessionId: root, retry }];
  }

  #applyError({ sessionId, error }: Event<"error">): readonly ServerNews[] {
    if (this.#roots.rootOf(sessionId) !== sessionId) return [];
    const state = this.#state(sessionId);
    const told = toTurnErrorInfo(error);
    // A bad model or agent is reported twice, the second time as something unknown (seen).
    if (state.error === undefined || told.code !== "TURN_FAILED") state.error = told;
    return [{ kind: "settled", sessionId, error: state.error }];
  }

  #settle(sessionId: string): readonly ServerNews[] {
    const state = this.#state(sessionId);
    state.status = { type: "idle" };
    const closed = this.#closeAsks(sessionId);
    if (this.#roots.rootOf(sessionId) !== sessionId) return closed;
    return [...closed, state.error === undefined ? { kind: "settled", sessionId } : { kind: "settled", sessionId, error: state.error }];
  }

  #applyMessage({ sessionId, info }: Event<"message">, nowMs: number): readonly ServerNews[] {
    const state = this.#state(sessionId);
    state.memory.apply(info);
    // A prompt is no progress: its list of changed files comes after the idle (seen).
    if (info.role !== "assistant") return [];
    const root = this.#roots.rootOf(sessionId);
    const started = root === sessionId ? this.#turnStarted(state, sessionId, info.parentID) : [];
    const used = toUsage(info);
    const usage = used.tokensIn + used.tokensOut + used.cost === 0 ? [] : [this.#usage(root)];
    return [...this.#progress(sessionId, nowMs), ...started, ...usage];
  }

  #turnStarted(state: SessionState, sessionId: string, messageId: string | undefined): readonly ServerNews[] {
    if (messageId === undefined || messageId === state.startedFor) return [];
    const prompt = state.memory.find(messageId);
    if (prompt !== undefined && (prompt.synthetic || prompt.compaction !== undefined)) return [];
    state.startedFor = messageId;
    return [{ kind: "turn-started", sessionId, messageId }];
  }

  #usage(root: string): ServerNews {
    const turn = this.#state(root).memory.lastTurn();
    const sinceEpochMs = turn[0]?.createdAtEpochMs ?? 0;
    let usage = this.#state(root).memory.usageSince(sinceEpochMs);
    for (const [sessionId, { memory }] of this.#sessions.entries()) {
      if (sessionId !== root && this.#roots.rootOf(sessionId) === root) usage = addUsage(usage, memory.usageSince(sinceEpochMs));
    }
    return { kind: "usage", sessionId: root, usage };
  }

  #applyPart({ sessionId, part }: Event<"part">): readonly ServerNews[] {
    this.#state(sessionId).memory.applyPart(part);
    if (part.type === "reasoning") this.#thinking.set(part.id, true);
    return part.type === "tool" ? this.#tool(sessionId, part) : [];
  }

  #tool(sessionId: string, part: Part): readonly ServerNews[] {
    const child = part.state?.metadata?.sessionId;
    if (child !== undefined && child !== sessionId && !this.#roots.knows(child)) this.#roots.learn(child, sessionId);
    const status = part.state?.status ?? "";
    const title = toolTitle(part);
    const told = `${status} ${title}`;
    if (this.#toldTools.get(part.id) === told) return [];
    this.#toldTools.set(part.id, told);
    return [{ kind: "tool", sessionId: this.#roots.rootOf(sessionId), name: part.tool ?? "", title, status }];
  }

  #applyDelta({ sessionId, messageId, partId, text }: Event<"delta">): readonly ServerNews[] {
    if (this.#thinking.has(partId) || this.#roots.rootOf(sessionId) !== sessionId) return [];
    const isSummary = this.#state(sessionId).memory.find(messageId)?.summary ?? false;
    return isSummary ? [] : [{ kind: "text", sessionId, delta: text }];
  }

  #applyAsk({ sessionId, directory, ask }: Event<"ask">): readonly ServerNews[] {
    if (!this.#asks.open(ask.id, sessionId)) return [];
    return [{ kind: "ask-opened", directory, ask: { ...ask, rootSessionId: this.#roots.rootOf(sessionId) } }];
  }

  #forget(sessionId: string): readonly ServerNews[] {
    this.#sessions.delete(sessionId);
    this.#roots.forget(sessionId);
    return this.#closeAsks(sessionId);
  }

  #closeAsks(sessionId: string): readonly ServerNews[] {
    return this.#asks.closeAllOf(sessionId).map((askId) => ({ kind: "ask-closed", askId, closing: { kind: "dropped" } }));
  }

  #progress(sessionId: string, nowMs: number): readonly ServerNews[] {
    const root = this.#roots.rootOf(sessionId);
    const state = this.#state(root);
    if (state.progressAtMs !== undefined && nowMs - state.progressAtMs < progressEveryMs) return [];
    state.progressAtMs = nowMs;
    return [{ kind: "progress", sessionId: root }];
  }

  #state(sessionId: string): SessionState {
    const state = this.#sessions.get(sessionId) ?? { memory: new TurnMemory(), status: { type: "idle" } };
    this.#sessions.set(sessionId, state);
    return state;
  }
}
