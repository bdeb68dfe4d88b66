import fc from "fast-check";
import { expect } from "vitest";
import { createOpenCode } from "../../../bridge/adapters/opencode/opencode";
import { OctoError } from "../../../bridge/octo-error";
import type { OpenCodeClient } from "../../../bridge/ports/opencode";
import { eventually } from "../../helpers/eventually";
import { fuzzSeed } from "../seed";
import { callNamed, calls } from "./calls";
import { change } from "./changes";
import { type ChangingServer, changingServer, type Plan } from "./changing-server";

/** What OpenCode's answers may lead to, whatever they are. */
const codes = new Set([
  ...["INSTANCE_UNRESPONSIVE", "OPENCODE_ANSWER_INVALID", "OPENCODE_UNAUTHORISED", "OPENCODE_PROJECT_CONFIG_BROKEN"],
  ...["SESSION_UNKNOWN", "ASK_UNKNOWN"],
]);
const deadlineMs = 600;
const callDeadlineMs = 1_800;
/** Other calls parse 16 MB meanwhile, on the same thread. */
const lateMaxMs = 10_000;
const messageCharactersMax = 2_000;

export interface FuzzFigures {
  readonly answers: number;
  readonly taken: number;
  readonly refused: number;
  readonly slowestMs: number;
  readonly rssMaxBytes: number;
}

const plan: fc.Arbitrary<Plan> = fc.record({
  changes: fc.array(change, { minLength: 1, maxLength: 3 }),
  isRepeated: fc.boolean(),
  choice: fc.oneof({ arbitrary: fc.constant(0), weight: 2 }, { arbitrary: fc.nat(5), weight: 1 }),
});

/** Asks servers whose answers are changed `count` times over, on `lanes` of them at once; each call must end, and as its port says. */
export async function fuzzAnswers(count: number, lanes: number): Promise<FuzzFigures> {
  const tally = { answers: 0, taken: 0, refused: 0, slowestMs: 0, rssMaxBytes: 0 };
  const settled = await Promise.allSettled(
    Array.from({ length: lanes }, (_, index) => lane(Math.ceil(count / lanes), fuzzSeed + index, tally)),
  );
  for (const each of settled) if (each.status === "rejected") throw each.reason;
  return tally;
}

type Tally = { -readonly [Name in keyof FuzzFigures]: FuzzFigures[Name] };

async function lane(count: number, seed: number, tally: Tally): Promise<void> {
  await using server = await changingServer();
  const client = createOpenCode({
    ...{ requestDeadlineMs: deadlineMs, coldDeadlineMs: deadlineMs, callDeadlineMs, settleDelaysMs: [1, 1] },
  }).connect(server.endpoint);
  try {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(calls)), plan, async (name, given) => {
        server.follow(given);
        await endsAsPromised(client, name, tally);
      }),
      { numRuns: count, seed, endOnFailure: true },
    );
    tally.answers += server.changedCount();
  } finally {
    await client.close();
  }
  await noConnections(server);
}

async function endsAsPromised(client: OpenCodeClient, name: string, tally: Tally): Promise<void> {
  const { make, result } = callNamed(name);
  const startedMs = performance.now();
  try {
    const value = await make(client);
    const parsed = result.safeParse(value);
    expect(parsed.success, `${name} gave ${JSON.stringify(value)?.slice(0, 500)}: ${parsed.error?.message}`).toBe(true);
    tally.taken += 1;
  } catch (thrown) {
    if (!(thrown instanceof OctoError)) throw thrown;
    expect(codes, `${name}: ${thrown.message.slice(0, 500)}`).toContain(thrown.code);
    expect(thrown.message.length, name).toBeLessThan(messageCharactersMax);
    tally.refused += 1;
  }
  const tookMs = performance.now() - startedMs;
  expect(tookMs, name).toBeLessThan(callDeadlineMs + lateMaxMs);
  tally.slowestMs = Math.max(tally.slowestMs, tookMs);
  tally.rssMaxBytes = Math.max(tally.rssMaxBytes, process.memoryUsage.rss());
}

/** A client that was closed holds no connection. */
async function noConnections(server: ChangingServer): Promise<void> {
  await eventually(() => expect(server.openCount()).toBe(0), { timeoutMs: 10_000 });
}
