import type { FromInstance } from "../../bridge/core/event";
import type { Instance, ProcessIdentity } from "../../bridge/core/instance";
import type { TurnOutcome, TurnReport } from "../../bridge/core/turn";
import type { AskId, HostId, InstanceId, TaskId } from "../../shared/ids";
import { usage } from "./steps";

/** One prompt as a server holds it. */
export interface Turn {
  readonly taskId: TaskId;
  readonly sessionId: string;
  readonly messageId: string;
  state: "stored" | "running" | "interrupted" | "ended";
  /** Accepted and forgotten: only the same prompt again begins it. */
  swallowed: boolean;
  outcome: TurnOutcome;
  readonly asks: Set<AskId>;
  /** On a host that was forgotten, and the person had the task begun again nevertheless. */
  disowned: boolean;
}

/** One server with its data, which outlives its process. */
export interface Server {
  readonly id: InstanceId;
  readonly host: HostId;
  incarnation: number;
  alive: boolean;
  /** Answers nothing; a `stuck` one uses no CPU either. */
  trouble: "none" | "busy" | "stuck";
  /** The bridge follows its stream; it opens, and opens again, by itself. */
  watched: boolean;
  streaming: boolean;
  cpuMs: number;
  /** Its process ended, and nobody was told. */
  exitUnheard: boolean;
  /** Its host was forgotten, and it runs on. */
  left: boolean;
  readonly turns: Map<string, Turn>;
}

/**
 * OpenCode as the facts tell it, without time: what is stored, what runs, and what a death leaves behind. Raises when octo does what must never
 * happen: two turns of one task at once, a prompt into a busy session, or an interrupted prompt sent again.
 */
export class SimulatedServers {
  readonly servers = new Map<InstanceId, Server>();

  living(): readonly Server[] {
    return [...this.servers.values()].filter(({ alive }) => alive);
  }

  launch({ id, host, incarnation }: Pick<Instance, "id" | "host" | "incarnation">): ProcessIdentity {
    const before = this.servers.get(id);
    if (before?.alive) throw new Error(`start ${incarnation} of ${id} while start ${before.incarnation} lives`);
    const turns = before?.turns ?? new Map<string, Turn>();
    const fresh = { trouble: "none", watched: false, streaming: false, cpuMs: 0, exitUnheard: false, left: false } as const;
    this.servers.set(id, { id, host, incarnation, alive: true, ...fresh, turns });
    return { pid: incarnation, startTime: `${incarnation}`, bootId: "boot" };
  }

  /** The process is gone: whatever ran is cut off, and its asks with it. */
  end(server: Server): void {
    server.alive = false;
    server.streaming = false;
    server.watched = false;
    for (const turn of server.turns.values()) {
      turn.asks.clear();
      if (turn.state === "running") turn.state = "interrupted";
      if (turn.state === "stored") turn.swallowed = true;
    }
  }

  /** The same message again starts a stored one, and does nothing to a running or ended one (seen). */
  receive(
    server: Server,
    prompt: { readonly taskId: TaskId; readonly sessionId: string; readonly messageId: string },
    swallowed: boolean,
  ): void {
    const turn = server.turns.get(prompt.messageId);
    if (turn?.state === "interrupted") throw new Error(`${prompt.messageId} was interrupted and is sent again`);
    if (turn) {
      if (turn.state === "stored") turn.swallowed = swallowed;
      return;
    }
    const busy = [...server.turns.values()].find(({ sessionId, state }) => sessionId === prompt.sessionId && state === "running");
    if (busy) throw new Error(`${prompt.messageId} is sent into ${prompt.sessionId}, busy with ${busy.messageId}`);
    server.turns.set(prompt.messageId, {
      ...prompt,
      state: "stored",
      swallowed,
      outcome: { kind: "succeeded" },
      asks: new Set(),
      disowned: false,
    });
  }

  begin(turn: Turn): void {
    turn.state = "running";
    const turns = this.living().flatMap((server) => [...server.turns.values()]);
    const others = turns.filter(({ taskId, state, disowned }) => taskId === turn.taskId && state === "running" && !disowned);
    if (others.length > 1) throw new Error(`${others.map(({ messageId }) => messageId).join(" and ")} run at once`);
  }

  /** The person has the task begun again although it may go on where nobody looks any more. */
  disown(id: TaskId): void {
    for (const server of this.living()) {
      if (!server.left) continue;
      for (const turn of server.turns.values()) if (turn.taskId === id) turn.disowned = true;
    }
  }

  finish(turn: Turn, outcome: TurnOutcome): void {
    turn.state = "ended";
    turn.outcome = outcome;
    turn.asks.clear();
  }

  /** Ends what runs in the session, and forgets what is queued there. */
  abort(server: Server, sessionId: string): boolean {
    let ended = false;
    for (const turn of server.turns.values()) {
      if (turn.sessionId !== sessionId) continue;
      if (turn.state === "stored") turn.swallowed = true;
      if (turn.state !== "running") continue;
      this.finish(turn, { kind: "aborted" });
      ended = true;
    }
    return ended;
  }

  report(server: Server, messageId: string): TurnReport {
    const turn = server.turns.get(messageId);
    if (!turn) return { kind: "absent" };
    switch (turn.state) {
      case "stored":
        return { kind: "stored" };
      case "running":
        return { kind: "running" };
      case "interrupted":
        return { kind: "interrupted", usage: usage(5) };
      case "ended":
        return { kind: "ended", outcome: turn.outcome, text: "done", usage: usage(10) };
    }
  }
}

export function fromOf(server: Server): FromInstance {
  return { instanceId: server.id, incarnation: server.incarnation };
}
