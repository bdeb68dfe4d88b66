import type { AskId } from "../../../shared/ids";
import { BoundedMap } from "./bounded-map";

const asksMax = 1_000;

/** The asks that wait, by session. OpenCode closes those of an aborted turn without a word (seen); octo closes them here. */
export class OpenAsks {
  readonly #sessions = new BoundedMap<AskId, string>(asksMax);

  /** False when it is open already. */
  open(askId: AskId, sessionId: string): boolean {
    const isNew = !this.#sessions.has(askId);
    this.#sessions.set(askId, sessionId);
    return isNew;
  }

  close(askId: AskId): void {
    this.#sessions.delete(askId);
  }

  closeAllOf(sessionId: string): readonly AskId[] {
    const closed = [...this.#sessions.entries()].filter(([, owner]) => owner === sessionId).map(([askId]) => askId);
    for (const askId of closed) this.#sessions.delete(askId);
    return closed;
  }
}
