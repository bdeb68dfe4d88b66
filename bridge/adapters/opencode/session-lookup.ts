import type { Usage } from "../../../shared/task";
import { addUsage, noUsage } from "../../../shared/usage";
import { OctoError } from "../../octo-error";
import { BoundedMap } from "./bounded-map";
import { listOf } from "./bounded-schemas";
import type { Deadline } from "./deadline";
import type { Http } from "./http";
import { type SessionInfo, sessionSchema } from "./schemas";
import { toUsage } from "./turn-message";

const knownMax = 2_000;
const depthMax = 16;
const subagentsMax = 64;

/** Asks a server for what a session is. Parents never change, so they are asked for once. */
export class SessionLookup {
  readonly #http: Http;
  readonly #parents = new BoundedMap<string, string | undefined>(knownMax);

  constructor(http: Http) {
    this.#http = http;
  }

  /** The session itself when it is no child, or no longer there. */
  async rootOf(sessionId: string, directory: string, deadline: Deadline): Promise<string> {
    let root = sessionId;
    for (let depth = 0; depth < depthMax; depth += 1) {
      const parent = await this.#parentOf(root, directory, deadline);
      if (parent === undefined) return root;
      root = parent;
    }
    return root;
  }

  /** What these sessions and those below them used; one that is gone counts nothing. */
  async usageOf(sessionIds: readonly string[], directory: string, deadline: Deadline): Promise<Usage> {
    let usage = noUsage;
    let asked = 0;
    // Goes on with what is added meanwhile.
    const known = new Set(sessionIds);
    for (const sessionId of known) {
      if (asked === subagentsMax) break;
      asked += 1;
      const session = await this.#read(sessionId, directory, deadline);
      if (session === undefined) continue;
      usage = addUsage(usage, toUsage(session));
      const children = await this.#childrenOf(sessionId, directory, deadline);
      for (const child of children.slice(0, subagentsMax)) known.add(child);
    }
    return usage;
  }

  async #parentOf(sessionId: string, directory: string, deadline: Deadline): Promise<string | undefined> {
    if (this.#parents.has(sessionId)) return this.#parents.get(sessionId);
    const session = await this.#read(sessionId, directory, deadline);
    this.#parents.set(sessionId, session?.parentID);
    return session?.parentID;
  }

  async #read(sessionId: string, directory: string, deadline: Deadline): Promise<SessionInfo | undefined> {
    return unlessGone(
      this.#http.json(sessionSchema, {
        method: "GET",
        path: `/session/${encodeURIComponent(sessionId)}`,
        query: { directory },
        deadlineMs: deadline.nextMs(),
        notFound: "SESSION_UNKNOWN",
      }),
    );
  }

  async #childrenOf(sessionId: string, directory: string, deadline: Deadline): Promise<readonly string[]> {
    const children = await unlessGone(
      this.#http.json(listOf(sessionSchema), {
        method: "GET",
        path: `/session/${encodeURIComponent(sessionId)}/children`,
        query: { directory },
        deadlineMs: deadline.nextMs(),
        notFound: "SESSION_UNKNOWN",
      }),
    );
    return (children ?? []).map((child) => child.id);
  }
}

async function unlessGone<Value>(answer: Promise<Value>): Promise<Value | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof OctoError && error.code === "SESSION_UNKNOWN") return undefined;
    throw error;
  }
}
