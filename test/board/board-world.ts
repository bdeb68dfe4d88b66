import type { Act } from "../../bridge/board/act";
import { draw, type Picture } from "../../bridge/board/draw";
import { type BoardState, freshBoard } from "../../bridge/board/state";
import { type BoardEvent, step } from "../../bridge/board/step";
import type { Size } from "../../bridge/paint/frame";
import { nothingUnread, readInput, readRest } from "../../bridge/paint/input";
import type { FullSnapshot } from "../../shared/snapshot";
import type { StreamMessage } from "../../shared/stream";

const counts = {
  instances: 1,
  instancesReady: 1,
  queued: 0,
  running: 1,
  waiting: 0,
  succeeded: 0,
  failed: 0,
  costToday: 0.42,
  tokensToday: 0,
  dropped: 0,
};

function snapshotOf(change: Partial<FullSnapshot> = {}): StreamMessage {
  const bridge = { version: "0.1.0", pid: 1, startedAtEpochMs: 0 };
  return { kind: "snapshot", snapshot: { revision: 1, bridge, counts, instances: [], tasks: [], asks: [], ...change } };
}

/** A board without a terminal: events go in, pictures and acts come out. */
export class TestBoard {
  state: BoardState;
  readonly acts: Act[] = [];
  nowMs = 10_000;

  constructor(snapshot: Partial<FullSnapshot> = {}, size: Size = { columns: 100, rows: 30 }) {
    this.state = freshBoard({ size, directory: "/repo", nowMs: this.nowMs, nowEpochMs: 1_700_000_060_000 });
    this.take({ kind: "link", link: { kind: "live" } });
    this.take({ kind: "messages", messages: [snapshotOf(snapshot)] });
  }

  take(event: BoardEvent): void {
    const { state, acts } = step(this.state, event, { nowMs: this.nowMs, nowEpochMs: 1_700_000_060_000 });
    this.state = state;
    this.acts.push(...acts);
  }

  messages(...messages: readonly StreamMessage[]): void {
    this.take({ kind: "messages", messages });
  }

  /** The bytes of keys, a second after what was before, all at once. */
  type(bytes: string): void {
    this.nowMs += 1_000;
    this.typeAtOnce(bytes);
  }

  typeAtOnce(bytes: string): void {
    const read = readInput(nothingUnread, bytes);
    const inputs = [...read.inputs, ...readRest(read.unread).inputs];
    for (const input of inputs) this.take({ kind: "input", input, alone: inputs.length === 1 });
  }

  picture(): Picture {
    return draw(this.state);
  }

  text(): string {
    return this.picture()
      .lines.map((line) =>
        line
          .map(({ text }) => text)
          .join("")
          .trimEnd(),
      )
      .join("\n");
  }
}
