import type { IncomingMessage } from "node:http";
import { clientHeader } from "../../shared/client-header";
import { OctoError } from "../octo-error";
import { TokenBuckets } from "./token-buckets";

/** Tells the client how long to wait. */
export class RateLimited extends OctoError {
  readonly retryAfterMs: number;

  constructor(client: string, waitMs: number) {
    super("RATE_LIMITED", `${client} asks too often; wait ${waitMs} ms`);
    this.retryAfterMs = waitMs;
  }
}

export interface RateLimit {
  /** Counts one request of the client. RATE_LIMITED. */
  admit(request: IncomingMessage): void;
  /** Counts what it turned out to ask for on top; never refuses, the next request does. */
  charge(request: IncomingMessage, method: string): void;
}

const burstSeconds = 5;
/** All clients together: inventing names gains nothing. */
const allFactor = 4;
const clientsMax = 1_024;
const all = "all clients together";
const namePattern = /^[A-Za-z0-9._:-]{1,64}$/;

/** What costs the bridge more than a look: lists of everything, git, other machines. One is in the price of the request. */
const extraCost: Readonly<Record<string, number>> = {
  get_snapshot: 9,
  list_tasks: 9,
  task_diff: 9,
  task_transcript: 9,
  preview_task: 4,
  check_host: 19,
  stream: 9,
};

/**
 * Token buckets: one a client, by the name it gives itself, and one for all of them. Unix sockets tell no peer in Node, and a
 * connection is no client (curl opens one a request); all of them are the same user, so this holds back what runs away, not an enemy.
 */
export function createRateLimit(requestsPerSecond: number, nowMs: () => number = () => performance.now()): RateLimit {
  const options = { burstSeconds, clientsMax, nowMs };
  const clients = new TokenBuckets({ ...options, perSecond: requestsPerSecond });
  const together = new TokenBuckets({ ...options, perSecond: requestsPerSecond * allFactor });
  return {
    admit(request) {
      const client = clientOf(request);
      for (const [buckets, name] of [
        [clients, client],
        [together, all],
      ] as const) {
        const waitMs = buckets.take(name);
        if (waitMs > 0) throw new RateLimited(name, waitMs);
      }
    },
    charge(request, method) {
      const cost = Object.hasOwn(extraCost, method) ? (extraCost[method] ?? 0) : 0;
      if (cost === 0) return;
      clients.charge(clientOf(request), cost);
      together.charge(all, cost);
    },
  };
}

function clientOf({ headers }: IncomingMessage): string {
  const given = headers[clientHeader];
  return typeof given === "string" && namePattern.test(given) ? given : "a client without a name";
}
