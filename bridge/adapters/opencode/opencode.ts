import type { OpenCode } from "../../ports/opencode";
import { type ClientOptions, createClient } from "./client";
import { type StreamOptions, watchEvents } from "./event-stream";
import { createIds } from "./ids";

export interface OpenCodeOptions extends ClientOptions, StreamOptions {
  readonly epochMs: () => number;
}

const defaults: OpenCodeOptions = {
  requestDeadlineMs: 15_000,
  coldDeadlineMs: 60_000,
  callDeadlineMs: 60_000,
  settleDelaysMs: [400, 1_100],
  silentMs: 30_000,
  openDeadlineMs: 3_000,
  lookupDeadlineMs: 5_000,
  delayMinMs: 250,
  delayMaxMs: 5_000,
  stableMs: 10_000,
  random: Math.random,
  epochMs: Date.now,
};

/** OpenCode 1.18 over HTTP and its event stream. */
export function createOpenCode(options: Partial<OpenCodeOptions> = {}): OpenCode {
  const all = { ...defaults, ...options };
  const nextId = createIds(all.epochMs);
  return {
    connect: (endpoint) => createClient(endpoint, all),
    watch: (endpoint, handlers) => watchEvents(endpoint, handlers, all),
    messageId: () => nextId("msg"),
    partId: () => nextId("prt"),
  };
}
