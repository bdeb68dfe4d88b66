import type { Conversation } from "./conversation";
import type { Script } from "./directives";

/** What a request was, and for whom. */
export interface RequestRecord {
  readonly atEpochMs: number;
  /**
   * `turn`: a prompt reaches the model for the first time. `continuation`: the same turn goes on, after a tool result or a compaction.
   * `retry`: OpenCode repeats a step that the stand-in failed on purpose. `title`, `summary`: OpenCode's own helpers ask.
   */
  readonly kind: "turn" | "continuation" | "retry" | "title" | "summary";
  readonly task: string | undefined;
  readonly sessionId: string;
  /** Of a subagent: the session that started it. */
  readonly parentSessionId: string | undefined;
  readonly messages: number;
}

export interface Sender {
  readonly sessionId: string;
  readonly parentSessionId: string | undefined;
}

const requestsKept = 1_000;
const entriesMax = 10_000;

/**
 * Counts turns. A turn is a request whose newest message is the user's; the same messages again, after a failure that the
 * stand-in itself sent, are OpenCode's retry of that turn and no second one. The same messages again without such a failure
 * (somebody prompted twice, or a second server runs the session) are a second turn: that is what tests look for.
 */
export class Ledger {
  readonly #turns = new Map<string, number>();
  readonly #requests: RequestRecord[] = [];
  /** Steps that were failed on purpose and not yet repeated. */
  readonly #owed = new Set<string>();
  /** How often each directive that acts a limited number of times has acted. */
  readonly #spent = new Map<string, number>();

  get turns(): ReadonlyMap<string, number> {
    return this.#turns;
  }

  get requests(): readonly RequestRecord[] {
    return this.#requests;
  }

  record(conversation: Conversation, script: Script, sender: Sender, atEpochMs: number): RequestRecord {
    const kind = this.#kindOf(conversation, sender);
    const { task } = script;
    const record = { atEpochMs, kind, task, ...sender, messages: conversation.messages };
    this.#requests.push(record);
    if (this.#requests.length > requestsKept) this.#requests.shift();
    if (kind === "turn" && task !== undefined) {
      this.#turns.set(task, (this.#turns.get(task) ?? 0) + 1);
      bound(this.#turns);
    }
    return record;
  }

  /** The answer to this step was a failure that OpenCode repeats by itself. */
  owe(conversation: Conversation, sender: Sender): void {
    this.#oweKey(stepKey(conversation, sender));
  }

  /** The answer was an overflow: a summary comes next in this session, and then the prompt again (seen: a copy under a new message id). */
  oweCompaction(sender: Sender): void {
    this.#oweKey(summaryKey(sender));
  }

  /** Uses one of the `times` that directive `index` may act: for all sessions of a task together, else for this prompt of this session. */
  spend(conversation: Conversation, script: Script, sender: Sender, index: number, times: number): boolean {
    const scope = script.task === undefined ? `session ${sender.sessionId} ${conversation.userMessages}` : `task ${script.task}`;
    const key = `${scope} ${index}`;
    const spent = this.#spent.get(key) ?? 0;
    if (spent >= times) return false;
    this.#spent.set(key, spent + 1);
    bound(this.#spent);
    return true;
  }

  reset(): void {
    this.#turns.clear();
    this.#requests.length = 0;
    this.#owed.clear();
    this.#spent.clear();
  }

  #kindOf(conversation: Conversation, sender: Sender): RequestRecord["kind"] {
    if (conversation.purpose === "summary" && this.#owed.delete(summaryKey(sender))) this.#oweKey(afterSummaryKey(sender));
    if (conversation.purpose !== "work") return conversation.purpose;
    if (conversation.fresh && this.#owed.delete(afterSummaryKey(sender))) return "continuation";
    if (this.#owed.delete(stepKey(conversation, sender))) return "retry";
    return conversation.fresh ? "turn" : "continuation";
  }

  #oweKey(key: string): void {
    this.#owed.add(key);
    bound(this.#owed);
  }
}

function summaryKey(sender: Sender): string {
  return `${sender.sessionId} summary`;
}

function afterSummaryKey(sender: Sender): string {
  return `${sender.sessionId} after summary`;
}

function stepKey(conversation: Conversation, sender: Sender): string {
  return `${sender.sessionId} ${conversation.digest}`;
}

/** Forgets the oldest entry of a collection that grew beyond its limit. */
function bound(entries: Map<string, number> | Set<string>): void {
  if (entries.size <= entriesMax) return;
  for (const oldest of entries.keys()) {
    entries.delete(oldest);
    return;
  }
}
