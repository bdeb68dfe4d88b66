import { OctoError } from "../../bridge/octo-error";
import type { BridgeService } from "../../bridge/runtime/service";
import type { InstanceId, TaskId } from "../../shared/ids";
import type { SubmitParams } from "../../shared/protocol";
import { strategies } from "../../shared/task";
import { taskId } from "../fakes/samples";
import type { Bridges } from "./bridges";
import { promptOf } from "./truth";
import type { Watcher } from "./watcher";
import type { World } from "./world";

const openTasksMax = 8;
const tasksMax = 16;
const instancesMax = 3;

/** Whoever uses octo: asks for things at random, repeats what was not answered, and answers what is asked, sooner or later. */
export class Person {
  /** Requests that were not answered yet. */
  pending = 0;
  #tasks = 0;
  #requests = 0;
  readonly #world: World;
  readonly #bridges: Bridges;
  readonly #watcher: Watcher;

  constructor(parts: { readonly world: World; readonly bridges: Bridges; readonly watcher: Watcher }) {
    this.#world = parts.world;
    this.#bridges = parts.bridges;
    this.#watcher = parts.watcher;
  }

  begin(): void {
    this.#spawn();
    this.#spawn();
    for (let task = this.#world.chance.between(1, 4); task > 0; task -= 1) this.#submit();
    this.#later();
  }

  #later(): void {
    const { time, chance, isKind } = this.#world;
    const isAway = !this.#bridges.life.isRunning;
    time.after(isKind ? 2_000 : chance.span(isAway ? 30_000 : 200, isAway ? 600_000 : 15_000), () => {
      if (this.#bridges.life.isRunning) this.#act();
      this.#later();
    });
  }

  #act(): void {
    const { chance, isKind } = this.#world;
    if (isKind) return this.#help();
    const draw = chance.between(0, 99);
    if (draw < 30) return this.#submit();
    if (draw < 40) return this.#cancel();
    if (draw < 50) return this.#retry();
    if (draw < 80) return this.#answer();
    if (draw < 84) return this.#reply();
    if (draw < 86) return this.#allow();
    if (draw < 88) return this.#spawn();
    return this.#manage();
  }

  /** In kind times: answers everything, and starts what is down. */
  #help(): void {
    const { state } = this.#watcher;
    if (!state) return;
    for (const { id, taskId } of state.asks.values()) {
      if (taskId !== undefined && state.policy.asks.timeLimitMs > 0) continue;
      this.#send("answer_ask", (service) =>
        service.calls.answer_ask({ askId: id, answer: { kind: "allow", scope: "once" } }, this.#context()),
      );
    }
    for (const {
      id,
      state: { kind },
    } of state.instances.values())
      if (kind === "failed" || kind === "stopped") this.#restart(id);
    if (state.instances.size === 0) this.#spawn();
    if (state.day.reached !== undefined) this.#allow();
  }

  #submit(): void {
    const { chance, truth } = this.#world;
    if (truth.openTasks().length >= openTasksMax || this.#tasks >= tasksMax) return;
    this.#tasks += 1;
    const mark = `t${this.#tasks}`;
    const open = truth.openTasks().map(({ id }) => taskId(id.slice(4)));
    const params: SubmitParams = {
      prompt: promptOf(mark),
      directory: "/repo",
      isolation: chance.happens(0.08) ? "server" : "worktree",
      attemptsMax: chance.between(1, 4),
      runTimeMaxMs: chance.happens(0.3) ? chance.span(10_000, 120_000) : 3_600_000,
      queueTimeMaxMs: chance.happens(0.2) ? chance.span(10_000, 120_000) : 0,
      tokensMax: chance.happens(0.1) ? 50 : 0,
      priority: chance.between(0, 2),
      after: chance.happens(0.15) ? open.slice(0, 1) : [],
      strategy: chance.pick(strategies),
    };
    this.#sendOnce(mark, (service, requestId) => service.calls.distribute_task(params, { requestId }));
  }

  #reply(): void {
    const { chance, truth } = this.#world;
    const ended = chance.pick(truth.endedTasks());
    if (!ended || this.#tasks >= tasksMax) return;
    this.#tasks += 1;
    const mark = `t${this.#tasks}`;
    const params = { taskId: idOf(ended.id), prompt: promptOf(mark) };
    this.#sendOnce(mark, (service, requestId) => service.calls.reply_task(params, { requestId }));
  }

  /** A client repeats a request under the same id until it is answered, and sometimes once more. */
  #sendOnce(mark: string, call: (service: BridgeService, requestId: string) => Promise<{ readonly task: { readonly id: string } }>): void {
    const { requestId } = this.#context();
    const times = this.#world.chance.happens(0.1) ? 2 : 1;
    for (let time = 0; time < times; time += 1) {
      this.#send(mark, async (service) => {
        const { task } = await call(service, requestId);
        if (this.#bridges.service === service && this.#bridges.life.alive) this.#world.truth.accepted(mark, task.id);
      });
    }
  }

  #cancel(): void {
    const task = this.#world.chance.pick(this.#world.truth.openTasks());
    if (task) this.#send("cancel_task", (service) => service.calls.cancel_task({ taskId: idOf(task.id) }, this.#context()));
  }

  #retry(): void {
    const task = this.#world.chance.pick(this.#world.truth.endedTasks());
    if (!task) return;
    const context = this.#context();
    this.#world.truth.retryAsked(task.id);
    this.#send("retry_task", (service) => service.calls.retry_task({ taskId: idOf(task.id) }, context));
  }

  #answer(): void {
    const { chance } = this.#world;
    const askId = chance.pick([...(this.#watcher.state?.asks.keys() ?? [])]);
    if (askId === undefined) return;
    const answer = chance.happens(0.8) ? ({ kind: "allow", scope: "once" } as const) : ({ kind: "deny" } as const);
    this.#send("answer_ask", (service) => service.calls.answer_ask({ askId, answer }, this.#context()));
  }

  #spawn(): void {
    if ((this.#watcher.state?.instances.size ?? 0) >= instancesMax) return;
    const context = this.#context();
    const slots = this.#world.chance.between(1, 3);
    this.#send("spawn", (service) => service.calls.spawn_opencode_server({ slots }, context));
  }

  #manage(): void {
    const { chance } = this.#world;
    const instance = chance.pick([...(this.#watcher.state?.instances.values() ?? [])]);
    if (!instance) return;
    const instanceId = instance.id;
    const context = this.#context();
    const draw = chance.between(0, 3);
    if (draw === 0) return this.#send("drain", (service) => service.calls.drain_instance({ instanceId }, context));
    if (draw === 1) return this.#send("stop", (service) => service.calls.stop_instance({ instanceId }, context));
    this.#restart(instanceId, chance.happens(0.5));
  }

  #restart(instanceId: InstanceId, drain = false): void {
    this.#send("restart", (service) => service.calls.restart_instance({ instanceId, drain }, this.#context()));
  }

  /** More may be used up today: refused where a day has no limit. */
  #allow(): void {
    const context = this.#context();
    this.#send("allow_today", (service) => service.calls.allow_today({ tokens: 50 }, context));
  }

  #context(): { readonly requestId: string } {
    this.#requests += 1;
    return { requestId: `req-${this.#requests}` };
  }

  #send(what: string, call: (service: BridgeService) => Promise<unknown>): void {
    this.pending += 1;
    const { time, chance, isKind } = this.#world;
    const { life, service } = this.#bridges;
    let isOver = false;
    const over = (next: () => void): void => {
      if (isOver) return;
      isOver = true;
      this.pending -= 1;
      next();
    };
    const again = (): void => over(() => void time.after(isKind ? 500 : chance.span(100, 10_000), () => this.#send(what, call)));
    if (!life.isRunning) return again();
    this.#world.trace(() => `the person: ${what}`);
    life.onDeath(again);
    call(service).then(
      () => life.alive && over(() => undefined),
      (thrown: unknown) => {
        if (!life.alive) return;
        if (!(thrown instanceof OctoError)) this.#world.truth.wrong(`${what} failed: ${String(thrown)}`);
        else if (thrown.code === "INTERNAL") this.#world.truth.wrong(`${what} failed: ${thrown.message}`);
        over(() => this.#world.trace(() => `the person: ${what} was refused: ${String(thrown)}`));
      },
    );
  }
}

function idOf(id: string): TaskId {
  return taskId(id.slice("tsk_".length));
}
