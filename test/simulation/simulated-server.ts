import type { ProcessIdentity } from "../../bridge/core/instance";
import type { TurnOutcome, TurnReport } from "../../bridge/core/turn";
import { OctoError } from "../../bridge/octo-error";
import type { LaunchRequest, OpenAsk, PromptRequest, ServerNews } from "../../bridge/ports/opencode";
import type { AskAnswer } from "../../shared/ask";
import type { AskId, InstanceId } from "../../shared/ids";
import { askId } from "../fakes/samples";
import { drawOutcome, newTurn, reportOf, type ServerData, type Turn } from "./simulated-turn";
import type { World } from "./world";

/** `hung`: nothing moves (SIGSTOP, a hung disk). `cut`: it works, and nobody hears it. */
export type Trouble = "none" | "hung" | "cut";

/** One that listens to the server's stream. */
export interface Listener {
  carry(news: ServerNews): void;
  broken(): void;
}

/** One start of one OpenCode server, as the facts tell it. */
export class SimulatedServer {
  readonly instanceId: InstanceId;
  readonly incarnation: number;
  readonly port: number;
  readonly identity: ProcessIdentity;
  readonly name: string;
  readonly listeners = new Set<Listener>();
  alive = true;
  ready = false;
  trouble: Trouble = "none";
  #exitCalls: (() => void)[] = [];
  #readyCalls: (() => void)[] = [];
  #held: (() => void)[] = [];
  readonly #world: World;
  readonly #data: ServerData;

  constructor(world: World, request: LaunchRequest, identity: ProcessIdentity, data: ServerData) {
    this.#world = world;
    this.#data = data;
    this.instanceId = request.instanceId;
    this.incarnation = request.incarnation;
    this.port = request.port;
    this.identity = identity;
    this.name = `${request.instanceId}#${request.incarnation}`;
    const { chance, faults } = world;
    if (chance.happens(faults.bootFails / 2)) this.#later(chance.span(100, 5_000), () => this.kill());
    else this.#later(chance.happens(faults.bootFails / 2) ? 200_000 : chance.span(300, 5_000), () => this.#becomeReady());
  }

  /** CPU time: a hung one uses none. */
  cpuMs(): number {
    return this.trouble === "hung" ? 1_000 : 1_000 + this.#world.time.nowMs;
  }

  onExit(call: () => void): void {
    if (this.alive) this.#exitCalls.push(call);
    else call();
  }

  onReady(call: () => void): void {
    if (this.ready) call();
    else this.#readyCalls.push(call);
  }

  #becomeReady(): void {
    this.ready = true;
    for (const call of this.#readyCalls.splice(0)) call();
  }

  fall(trouble: Trouble): void {
    this.trouble = trouble;
    if (trouble !== "none") return;
    for (const call of this.#held.splice(0)) this.#later(this.#world.chance.between(0, 1_000), call);
  }

  /** A request arrives: it is held while nobody reads, also for a client that has long gone. */
  reach(call: () => void): void {
    if (this.trouble !== "none" || !this.ready) this.#held.push(call);
    else if (this.alive) call();
  }

  #later(delayMs: number, call: () => void): void {
    this.#world.time.after(delayMs, () => {
      if (!this.alive) return;
      if (this.trouble === "hung") this.#held.push(call);
      else call();
    });
  }

  /** Gone, with all that was under way. */
  kill(): void {
    if (!this.alive) return;
    this.alive = false;
    this.#held = [];
    this.#world.trace(() => `${this.name} is gone`);
    for (const turn of this.#data.turns.values()) {
      turn.asks.clear();
      if (turn.state === "running") turn.state = "interrupted";
      if (turn.state === "stored") turn.swallowed = true;
    }
    this.#world.truth.processEnds(this.name, () => this.#world.chance.happens(0.5));
    for (const listener of [...this.listeners]) listener.broken();
    for (const call of this.#exitCalls.splice(0)) call();
  }

  /** The first half of an orderly stop. */
  dispose(): void {
    for (const turn of this.#data.turns.values()) if (turn.state === "running") this.#finish(turn, { kind: "aborted" });
  }

  createSession(directory: string): string {
    const sessionId = this.#world.name("ses");
    this.#data.sessions.set(sessionId, directory);
    return sessionId;
  }

  /** Returning means 204: taken, and no more. */
  prompt(request: PromptRequest): void {
    const { chance, faults } = this.#world;
    if (!this.#data.sessions.has(request.sessionId)) throw new OctoError("SESSION_UNKNOWN", request.sessionId);
    if (chance.happens(faults.swallowed / 2)) return;
    const swallowed = chance.happens(faults.swallowed / 2);
    const storeMs = chance.happens(faults.begunLate) ? chance.span(100, 2_500) : chance.between(0, 20);
    this.#later(storeMs, () => this.#store(request, swallowed));
  }

  #store(request: PromptRequest, swallowed: boolean): void {
    const { sessionId, messageId } = request;
    const known = this.#data.turns.get(messageId);
    const turn = known ?? newTurn(this.#world, request, { directory: this.#data.sessions.get(sessionId) ?? "", process: this.name });
    this.#data.turns.set(messageId, turn);
    if (turn.state === "stored") turn.swallowed = swallowed;
    // As seen: an answer that was broken off does not count, the prompt is played again.
    if (turn.state === "interrupted") this.#begin(turn);
    if (turn.state !== "stored" || swallowed) return;
    const { chance, faults } = this.#world;
    const beginMs = chance.happens(faults.begunLate) ? chance.span(100, 1_000) : chance.between(0, 50);
    this.#later(beginMs, () => {
      if (turn.state !== "stored" || turn.swallowed) return;
      const busy = [...this.#data.turns.values()].find((other) => other.sessionId === sessionId && other.state === "running");
      if (busy) this.#world.truth.wrong(`${messageId} was sent into ${sessionId}, busy with ${busy.messageId}`);
      this.#begin(turn);
    });
  }

  #begin(turn: Turn): void {
    turn.state = "running";
    this.#world.trace(() => `${turn.mark} begins as ${turn.messageId} on ${this.name}`);
    this.#world.truth.turnBegins({ ...turn, process: this.name });
    this.#tell({ kind: "turn-started", sessionId: turn.sessionId, messageId: turn.messageId });
    this.#goOn(turn);
  }

  #goOn(turn: Turn): void {
    this.#later(this.#world.chance.span(20, 8_000), () => {
      if (turn.state === "running" && turn.asks.size === 0) this.#move(turn);
    });
  }

  #move(turn: Turn): void {
    const { chance, faults, truth } = this.#world;
    const { sessionId } = turn;
    turn.stepsLeft -= 1;
    turn.usage = { ...turn.usage, tokensIn: turn.usage.tokensIn + 10 };
    if (chance.happens(faults.turnHangs)) return;
    if (chance.happens(faults.asks)) return this.#ask(turn);
    if (chance.happens(faults.retries)) return this.#retry(turn);
    if (truth.violations.length > 0) return;
    if (turn.stepsLeft < 0) return this.#finish(turn, drawOutcome(this.#world));
    this.#tell(chance.happens(0.3) ? { kind: "usage", sessionId, usage: turn.usage } : { kind: "progress", sessionId });
    this.#goOn(turn);
  }

  #ask(turn: Turn): void {
    const { sessionId, directory } = turn;
    const id = askId(this.#world.name("per"));
    const text = this.#world.chance.pick(["git status", "npm test"] as const) ?? "";
    const details = [{ name: "command", text }];
    const content = { kind: "permission", permission: "bash", patterns: [text], always: [], patternsLeftOut: 0, details } as const;
    const ask: OpenAsk = { id, sessionId, rootSessionId: sessionId, content };
    turn.asks.set(id, ask);
    this.#tell({ kind: "ask-opened", directory, ask });
  }

  #retry(turn: Turn): void {
    const { chance, epochMs } = this.#world;
    const waitMs = chance.span(1_000, 100_000);
    turn.retry = { attempt: 1, message: "slow down", nextAtEpochMs: epochMs() + waitMs };
    this.#tell({ kind: "retrying", sessionId: turn.sessionId, retry: turn.retry });
    this.#later(waitMs, () => {
      if (turn.state !== "running") return;
      turn.retry = undefined;
      this.#tell({ kind: "progress", sessionId: turn.sessionId });
      this.#goOn(turn);
    });
  }

  /** Errors and aborts say twice that the session is idle (seen). */
  #finish(turn: Turn, outcome: TurnOutcome): void {
    turn.state = "ended";
    turn.outcome = outcome;
    turn.asks.clear();
    this.#world.trace(() => `${turn.messageId} of ${turn.mark} ended: ${outcome.kind}`);
    this.#world.truth.turnEnds({ ...turn, process: this.name }, outcome.kind === "succeeded");
    this.#tell({ kind: "settled", sessionId: turn.sessionId });
    if (outcome.kind !== "succeeded") this.#tell({ kind: "settled", sessionId: turn.sessionId });
  }

  /** Ends what runs, and forgets what is stored and waits; says nothing of either. */
  abort(sessionId: string): void {
    for (const turn of this.#data.turns.values()) {
      if (turn.sessionId !== sessionId) continue;
      if (turn.state === "stored") turn.swallowed = true;
      if (turn.state !== "running") continue;
      this.#later(this.#world.chance.between(0, 300), () => {
        if (turn.state === "running") this.#finish(turn, { kind: "aborted" });
      });
    }
  }

  report(messageId: string): TurnReport {
    return reportOf(this.#data.turns.get(messageId));
  }

  openAsks(directory: string): readonly OpenAsk[] {
    return [...this.#data.turns.values()].filter((turn) => turn.directory === directory).flatMap(({ asks }) => [...asks.values()]);
  }

  answer(id: AskId, answer: AskAnswer): void {
    const turn = [...this.#data.turns.values()].find(({ asks }) => asks.has(id));
    if (!turn) throw new OctoError("ASK_UNKNOWN", id);
    turn.asks.delete(id);
    this.#tell({ kind: "ask-closed", askId: id, closing: { kind: "answered", answer } });
    if (answer.kind === "deny" && answer.message === undefined) this.#finish(turn, { kind: "stopped" });
    else this.#goOn(turn);
  }

  #tell(news: ServerNews): void {
    for (const listener of this.listeners) listener.carry(news);
  }
}
