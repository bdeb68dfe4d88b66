import { type AskPolicy, defaultAskPolicy } from "../../bridge/core/ask-policy";
import type { Event } from "../../bridge/core/event";
import { takesAnswer } from "../../bridge/core/open-ask";
import type { TurnOutcome } from "../../bridge/core/turn";
import type { AskId } from "../../shared/ids";
import { seededRandom } from "../helpers/seeded-random";
import { Outside } from "./outside";
import { Person } from "./person";
import { alpha } from "./simulated-hosts";
import { fromOf, type Server, type Turn } from "./simulated-servers";
import { error, usage } from "./steps";
import { checkBooked, checkDeadlineStands, checkNothingUnseen, checkRunsForSomebody, checkWayForward, summary } from "./walk-checks";
import { checkMoved, checkRunsOnce, RunTimes, Wishes } from "./walk-host-checks";
import { WalkHosts } from "./walk-hosts";
import { World } from "./world";

/** A kind world ends everything within this many of its steps. */
const kindStepsMax = 20_000;

/** In two of three walks nobody has to answer in kind times: a rule does, or the time limit. */
function askPolicyOf(seed: number): AskPolicy {
  const drainWaitMs = seed % 2 === 0 ? 5_000 : defaultAskPolicy.drainWaitMs;
  if (seed % 3 === 0) return { ...defaultAskPolicy, drainWaitMs };
  if (seed % 3 === 1) return { ...defaultAskPolicy, drainWaitMs, timeLimitMs: 20_000 };
  return { ...defaultAskPolicy, drainWaitMs, rules: [{ permission: "ba*", action: seed % 2 === 0 ? "allow" : "deny" }] };
}

/** One walk: a person, servers and a bridge that all do at random what they may do, and then a world in which everything answers. */
export class Walk {
  readonly world: World;
  readonly outside: Outside;
  readonly #random: () => number;
  readonly #past: Event[] = [];
  readonly #person: Person;
  readonly #hosts: WalkHosts;
  readonly #wishes = new Wishes();
  readonly #runTimes = new RunTimes();

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    const dayTokensMax = this.#random() < 0.4 ? 20 : 0;
    const policy = { startsAtOnceMax: 1, waitingMax: 2, restartsMax: 3, dayTokensMax, asks: askPolicyOf(seed) };
    this.world = new World(policy, seed);
    this.outside = new Outside(this.#random);
    const means = { random: this.#random, send: (event: Event) => this.#send(event) };
    this.#person = new Person(this.world, this.outside, means);
    this.#hosts = new WalkHosts(this.world, this.outside, means);
  }

  chaos(steps: number): void {
    this.outside.faults = { rate: this.#random() * 0.3 };
    this.#hosts.begin();
    this.#person.requestInstance();
    this.#person.requestInstance();
    for (let step = 0; step < steps; step += 1) {
      this.#chaosStep();
      this.#check();
    }
  }

  /** Everything answers from now on: every task must come to an end. */
  kindness(): void {
    this.outside.faults = { rate: 0 };
    this.#hosts.beginKindness();
    for (let step = 0; this.world.state.tasks.size > 0 || this.#person.dedicated().length > 0; step += 1) {
      if (step > kindStepsMax) throw new Error(`no end after ${step} kind steps: ${summary(this.world)}`);
      this.#kindStep();
      this.#check();
    }
    checkBooked(this.world);
  }

  #kindStep(): void {
    const { world, outside } = this;
    if (this.#hosts.comesBack()) return;
    if (outside.pending.length > 0) return outside.perform();
    const event = outside.deliver();
    if (event) return this.#send(event);
    if (this.#serversMove(true)) return;
    checkNothingUnseen(world, outside);
    const ask = world.askIds().find((id) => this.#mayAnswer(id));
    if (ask) return this.#send({ kind: "ask-answer-requested", askId: ask, answer: { kind: "allow", scope: "once" }, surface: "cli" });
    const down = [...world.state.instances.values()].find(({ state }) => state.kind === "stopped" || state.kind === "failed");
    if (down) return this.#send({ kind: "instance-start-requested", instanceId: down.id });
    if (this.#person.requestHome()) return;
    const dueMs = world.deadlineMs;
    if (world.state.day.reached !== undefined && this.#random() < 0.5) return this.#person.turnPage();
    if (dueMs === undefined) throw new Error(`nothing is due, and not everything has ended: ${summary(this.world)}`);
    this.#timeIs(Math.max(world.nowMs, dueMs));
    this.#tick();
  }

  #mayAnswer(id: AskId): boolean {
    const { rules, timeLimitMs } = this.world.state.policy.asks;
    if (rules.length > 0 || timeLimitMs > 0) return false;
    const ask = this.world.state.asks.get(id);
    const instanceId = ask && takesAnswer(ask) ? ask.instanceId : undefined;
    return this.outside.servers
      .living()
      .some((server) => server.id === instanceId && server.trouble === "none" && this.outside.canHear(server));
  }

  #chaosStep(): void {
    const { outside } = this;
    const draw = this.#random();
    if (draw < 0.3 && outside.pending.length > 0) return outside.perform();
    if (draw < 0.6) {
      const event = outside.deliver();
      if (event) return this.#send(event);
    }
    if (draw < 0.75 && this.#serversMove(false)) return;
    if (draw < 0.85) return this.#timePasses();
    if (draw < 0.87) return this.#misfortune();
    if (draw < 0.9) return this.#again();
    if (draw < 0.905) return this.#bridgeDies();
    if (draw < 0.95) return this.#hosts.act();
    this.#person.act();
  }

  #bridgeDies(): void {
    const { world, outside } = this;
    outside.forget();
    this.#hosts.bridgeAway();
    outside.ask(world.restart(), world.nowMs);
    this.#hosts.bridgeBegan();
  }

  #timeIs(nowMs: number): void {
    this.#hosts.beforeTime();
    this.#runTimes.passed(this.world, nowMs - this.world.nowMs);
    this.world.nowMs = nowMs;
    this.outside.hosts.timeIs(nowMs);
  }

  #send(event: Event): void {
    this.#wishes.note(event, this.world);
    if (event.kind !== "instance-stop-requested") this.#past.push(event);
    if (this.#past.length > 100) this.#past.shift();
    this.outside.ask(this.world.send(event), this.world.nowMs);
  }

  /** News that come twice, or late: answers and news of sessions. */
  #again(): void {
    const event = this.outside.pick(this.#past);
    if (event && ("fence" in event || "sessionId" in event || event.kind === "instance-alive")) this.#send(event);
  }

  #tick(): void {
    const { world } = this;
    this.#send({ kind: "tick" });
    if (world.deadlineMs !== undefined && world.deadlineMs <= world.nowMs)
      throw new Error(`a tick left something due: ${summary(this.world)}`);
    checkMoved(world, alpha);
  }

  #timePasses(): void {
    const { world, outside } = this;
    const dueMs = world.deadlineMs;
    if (outside.storeLate(Math.max(world.nowMs, dueMs ?? 0))) return;
    if (outside.isOverdue(Math.max(world.nowMs, dueMs ?? 0))) return outside.perform(Number.POSITIVE_INFINITY);
    if (this.#random() < 0.1) {
      this.#hosts.bridgeAway();
      return this.#send({ kind: "bridge-resumed", gapMs: 60_000 });
    }
    if (dueMs === undefined || this.#random() < 0.5) {
      const untilMs = world.nowMs + Math.floor(this.#random() * 2_000);
      return this.#timeIs(Math.min(untilMs, Math.max(world.nowMs, dueMs ?? untilMs)));
    }
    // The timer is late, and something else may be first.
    this.#timeIs(Math.max(world.nowMs, dueMs) + Math.floor(this.#random() * 3));
    if (this.#random() < 0.8) this.#tick();
  }

  #serversMove(kindly: boolean): boolean {
    const { outside } = this;
    if ((kindly || this.#random() < 0.2) && outside.storeLate()) return true;
    const living = outside.servers.living();
    const closed = living.find((server) => server.watched && !server.streaming && server.trouble === "none" && outside.canHear(server));
    if (closed && (kindly || this.#random() < 0.5)) {
      outside.openStream(closed);
      return true;
    }
    const troubled = kindly ? living.find(({ trouble }) => trouble === "busy") : undefined;
    if (troubled) troubled.trouble = "none";
    const turns = living
      .filter(({ trouble }) => trouble === "none")
      .flatMap((server) => [...server.turns.values()].map((turn) => ({ server, turn })))
      .filter(
        ({ turn }) => (turn.state === "stored" && !turn.swallowed) || (turn.state === "running" && (!kindly || turn.asks.size === 0)),
      );
    const move = outside.pick(turns);
    if (!move) return false;
    this.#turnMoves(move.server, move.turn, kindly);
    return true;
  }

  #turnMoves(server: Server, turn: Turn, kindly: boolean): void {
    const { outside } = this;
    const { servers } = outside;
    const news = { ...fromOf(server), sessionId: turn.sessionId };
    if (turn.state === "stored") {
      servers.begin(turn);
      if (!server.left) checkRunsForSomebody(this.world, turn);
      return outside.news(server, { ...news, kind: "turn-started", messageId: turn.messageId });
    }
    const draw = kindly ? 1 : this.#random();
    if (draw < 0.3) return outside.news(server, { ...news, kind: "turn-progressed" });
    if (draw < 0.4) return outside.news(server, { ...news, kind: "usage-reported", usage: usage(Math.floor(this.#random() * 60)) });
    if (draw < 0.5) {
      const nextAtEpochMs = this.world.epochMs + Math.floor(this.#random() * 90_000);
      return outside.news(server, { ...news, kind: "turn-retrying", retry: { attempt: 1, message: "slow down", nextAtEpochMs } });
    }
    if (draw < 0.65) return outside.openAsk(server, turn);
    if (turn.asks.size > 0) return;
    servers.finish(turn, kindly ? { kind: "succeeded" } : this.#outcome());
    outside.settled(server, turn);
  }

  #outcome(): TurnOutcome {
    const draw = this.#random();
    if (draw < 0.6) return { kind: "succeeded" };
    if (draw < 0.8) return { kind: "failed", error: error(draw < 0.75 ? "PROVIDER_UNAVAILABLE" : "PROVIDER_AUTH") };
    return { kind: draw < 0.87 ? "aborted" : draw < 0.93 ? "stopped" : "truncated" };
  }

  #misfortune(): void {
    const { outside } = this;
    const server = outside.pick(outside.servers.living());
    if (!server) return;
    const draw = this.#random();
    if (draw < 0.1) return outside.measure(server, this.#random() * 3 * 1024 ** 3);
    if (draw < 0.3) return outside.crash(server);
    if (draw < 0.5) return outside.loseStream(server);
    if (draw < 0.6) server.trouble = "none";
    else {
      server.trouble = draw < 0.8 ? "busy" : "stuck";
      outside.loseStream(server);
    }
  }

  #check(): void {
    this.outside.nowMs = this.world.nowMs;
    this.outside.instances = this.world.state.instances;
    this.#wishes.check(this.world);
    this.#runTimes.check(this.world);
    checkRunsOnce(this.world, this.outside);
    checkWayForward(this.world, this.outside);
    checkDeadlineStands(this.world, Math.floor(this.#random() * 3_000));
  }
}
