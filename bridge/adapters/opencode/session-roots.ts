import { BoundedMap } from "./bounded-map";

const sessionsMax = 10_000;
const depthMax = 16;

/** Which session is the root of which: subagents run in child sessions. Forgets those heard of longest ago. */
export class SessionRoots {
  /** Child to parent; a root maps to undefined. */
  readonly #parents = new BoundedMap<string, string | undefined>(sessionsMax);

  learn(sessionId: string, parentId: string | undefined): void {
    this.#parents.set(sessionId, parentId ?? this.#parents.get(sessionId));
  }

  forget(sessionId: string): void {
    this.#parents.delete(sessionId);
  }

  knows(sessionId: string): boolean {
    return this.#parents.has(sessionId);
  }

  /** The session itself when nothing else is known. */
  rootOf(sessionId: string): string {
    let root = sessionId;
    for (let depth = 0; depth < depthMax; depth += 1) {
      const parent = this.#parents.get(root);
      if (parent === undefined) return root;
      root = parent;
    }
    return root;
  }
}
