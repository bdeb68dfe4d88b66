import fc from "fast-check";
import { expect } from "vitest";
import { createOpenCode } from "../../../bridge/adapters/opencode/opencode";
import type { ServerNews } from "../../../bridge/ports/opencode";
import { errorCodes } from "../../../shared/errors";
import { eventually } from "../../helpers/eventually";
import { fuzzSeed } from "../seed";
import { changingServer } from "./changing-server";
import { changedStream } from "./streams";

export interface StreamFigures {
  readonly streams: number;
  readonly news: number;
  readonly losses: number;
  readonly rssMaxBytes: number;
}

const newsCharactersMax = 1024 * 1024;

/** Watches servers whose event streams are changed `count` times over, on `lanes` of them at once; what is told must be as the port says. */
export async function fuzzStreams(count: number, lanes: number): Promise<StreamFigures> {
  const tally = { streams: 0, news: 0, losses: 0, rssMaxBytes: 0 };
  await Promise.all(Array.from({ length: lanes }, (_, index) => lane(Math.ceil(count / lanes), fuzzSeed + index, tally)));
  return tally;
}

type Tally = { -readonly [Name in keyof StreamFigures]: StreamFigures[Name] };

async function lane(count: number, seed: number, tally: Tally): Promise<void> {
  let sent = 0;
  await using server = await changingServer(() => {
    if (sent >= count) return undefined;
    sent += 1;
    tally.rssMaxBytes = Math.max(tally.rssMaxBytes, process.memoryUsage.rss());
    // One at a time: a stream may be of megabytes. The seed of one repeats it alone.
    return fc.sample(changedStream, { numRuns: 1, seed: seed * 100_003 + sent })[0];
  });
  const faults: string[] = [];
  const openCode = createOpenCode({
    ...{ silentMs: 150, openDeadlineMs: 150, lookupDeadlineMs: 150, delayMinMs: 1, delayMaxMs: 1 },
  });
  const stream = openCode.watch(server.endpoint, {
    opened: () => undefined,
    alive: () => undefined,
    news: (news) => {
      tally.news += 1;
      const fault = faultOf(news);
      if (fault !== undefined) faults.push(`stream ${sent} of seed ${seed}: ${fault}`);
    },
    lost: ({ code, message }) => {
      tally.losses += 1;
      if (!(code in errorCodes) || message.length > 2_000) faults.push(`stream ${sent} of seed ${seed}: lost with ${code}`);
    },
  });
  try {
    await eventually(() => expect(sent).toBe(count), { timeoutMs: 8_000 + 350 * count, intervalMs: 50 });
  } finally {
    await stream.close();
  }
  tally.streams += sent;
  expect(faults).toEqual([]);
  await eventually(() => expect(server.openCount()).toBe(0), { timeoutMs: 10_000 });
}

function faultOf(news: ServerNews): string | undefined {
  const lost: string[] = [];
  const text = JSON.stringify(news, function (this: unknown, name, value: unknown) {
    if (!isKept(value, this)) lost.push(`${name}: ${String(value)}`);
    return value;
  });
  if (text.length > newsCharactersMax) return `${news.kind} of ${text.length} characters`;
  if (lost.length > 0) return `${news.kind} with ${lost.join(", ")}: ${text.slice(0, 300)}`;
  if (news.kind === "usage" && Object.values(news.usage).some((each) => each < 0)) return `usage below 0: ${text}`;
  return undefined;
}

/** JSON has no NaN, nothing infinite and no gaps in lists: it writes null for each, and the store could not read its own documents. */
function isKept(value: unknown, holder: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  return value !== null && (value !== undefined || !Array.isArray(holder));
}
