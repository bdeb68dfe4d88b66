import type { Usage } from "../../../shared/task";
import { noUsage } from "../../../shared/usage";
import type { MessageInfo, Part } from "./schemas";
import { turnFrom, usageOf } from "./turn";
import { type TurnMessage, withInfo, withPart } from "./turn-message";

const messagesMax = 256;

/** The latest messages of one session as its events tell them, in OpenCode's order. Holds no texts. */
export class TurnMemory {
  #messages: readonly TurnMessage[] = [];
  /** What is older was dropped, and must not come back as if it were new. */
  #droppedUntilEpochMs = -1;

  get messages(): readonly TurnMessage[] {
    return this.#messages;
  }

  apply(info: MessageInfo): void {
    if (info.time.created <= this.#droppedUntilEpochMs) return;
    const known = this.find(info.id);
    const message = withInfo(known, info);
    if (known !== undefined) return this.#replace(message);
    const messages = [...this.#messages, message].sort(byCreation);
    if (messages.length > messagesMax) this.#droppedUntilEpochMs = messages.shift()?.createdAtEpochMs ?? this.#droppedUntilEpochMs;
    this.#messages = messages;
  }

  applyPart(part: Part): void {
    const known = this.find(part.messageID);
    if (known === undefined) return;
    const message = withPart(known, part);
    if (message !== known) this.#replace(message);
  }

  find(messageId: string): TurnMessage | undefined {
    return this.#messages.findLast((message) => message.id === messageId);
  }

  /** The last turn: its prompt and what belongs to it. Without the prompt, all there is. */
  lastTurn(): readonly TurnMessage[] {
    let turn: readonly TurnMessage[] = this.#messages;
    let from = 0;
    while (from < this.#messages.length) {
      const start = this.#messages.findIndex((message, index) => index >= from && message.role === "user");
      const prompt = this.#messages[start];
      if (prompt === undefined) break;
      turn = turnFrom(this.#messages, prompt.id);
      from = start + turn.length;
    }
    return turn;
  }

  usageSince(epochMs: number): Usage {
    return this.#messages.length === 0 ? noUsage : usageOf(this.#messages.filter((message) => message.createdAtEpochMs >= epochMs));
  }

  #replace(message: TurnMessage): void {
    this.#messages = this.#messages.map((other) => (other.id === message.id ? message : other));
  }
}

function byCreation(a: TurnMessage, b: TurnMessage): number {
  return a.createdAtEpochMs - b.createdAtEpochMs || (a.id < b.id ? -1 : 1);
}
