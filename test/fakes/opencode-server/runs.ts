import type { Assistant } from "./assistant";
import { type JsonObject, objectOf, textOf } from "./json";
import { storePrompt } from "./prompts";
import { ProviderFailure } from "./provider-trouble";
import { abortedError, refuseAgent, refuseModel, settleAborted, settleFailed, settleNormally } from "./settle";
import type { StoredMessage } from "./store";
import type { ToolVerdict } from "./tools";
import { type Phase, playTurn, type Turn } from "./turn";
import { Aborted, pause } from "./waiting";
import type { World } from "./world";

/** The loops that answer sessions, one a session. */
export interface Runs {
  /** Returns before the prompt is stored, and long before it is played: what a 204 means (seen). */
  accept(sessionId: string, body: JsonObject, options: { readonly play: boolean }): void;
  /** As seen: the session says idle at once, its message follows; queued prompts stay unanswered; subagents are aborted too. */
  abort(sessionId: string): void;
  /** Aborts all and waits until their messages are final. */
  abortAll(): Promise<void>;
  /** Stops all without another word, as a kill would. */
  kill(): void;
}

interface Run {
  readonly controller: AbortController;
  phase: Phase;
  assistant: Assistant | undefined;
  /** A prompt came after the abort: it gets a loop of its own. */
  again: boolean;
  done: Promise<ToolVerdict>;
}

export function createRuns(world: World): Runs {
  const runs = new Map<string, Run>();
  const life = new AbortController();

  const start = (sessionId: string, busyAfterMs = world.options.stepMs): void => {
    const present = runs.get(sessionId);
    if (present !== undefined) {
      if (present.controller.signal.aborted) present.again = true;
      return;
    }
    const run: Run = {
      controller: new AbortController(),
      phase: "waiting",
      assistant: undefined,
      again: false,
      done: Promise.resolve("done"),
    };
    runs.set(sessionId, run);
    run.done = drive(sessionId, run, busyAfterMs).finally(() => {
      runs.delete(sessionId);
      if (run.again && !life.signal.aborted) start(sessionId);
    });
  };

  const drive = async (sessionId: string, run: Run, busyAfterMs: number): Promise<ToolVerdict> => {
    try {
      await pause(busyAfterMs, run.controller.signal);
      world.setStatus(sessionId, { type: "busy" });
      let verdict: ToolVerdict = "done";
      for (let user = unanswered(world, sessionId); user !== undefined && verdict === "done"; user = unanswered(world, sessionId)) {
        const turn = turnOf(sessionId, user, run);
        const model = `${turn.model.providerID}/${turn.model.modelID}`;
        if (!world.options.models.includes(model)) {
          refuseModel(world, sessionId, model);
          return "stopped";
        }
        verdict = await playTurn(turn);
      }
      settleNormally(world, sessionId);
      return verdict;
    } catch (thrown) {
      if (life.signal.aborted) return "stopped";
      if (thrown instanceof Aborted) await settleAborted(world, sessionId, run.assistant, run.phase);
      else if (thrown instanceof ProviderFailure) await settleFailed(world, sessionId, run.assistant, thrown.error);
      else throw thrown;
      return "stopped";
    }
  };

  const turnOf = (sessionId: string, user: StoredMessage, run: Run): Turn => {
    const model = objectOf(user.info, "model");
    const directory = textOf(world.store.session(sessionId), "directory") ?? world.options.directory;
    return {
      ...{ world, sessionId, directory, user, signal: run.controller.signal },
      model: { providerID: textOf(model, "providerID") ?? "", modelID: textOf(model, "modelID") ?? "" },
      agent: textOf(user.info, "agent") ?? "build",
      async playChild(prompt, begun) {
        const child = textOf(world.createSession({ directory, title: "child", parentId: sessionId }), "id") ?? "";
        begun(child);
        storePrompt(world, child, { parts: [{ type: "text", text: prompt }] });
        start(child);
        return (await runs.get(child)?.done) ?? "done";
      },
      enter(phase, assistant) {
        run.phase = phase;
        run.assistant = assistant;
      },
    };
  };

  const accept = async (sessionId: string, body: JsonObject, play: boolean): Promise<void> => {
    const delayed = world.faults.take("start-delayed");
    await pause(delayed?.storedAfterMs ?? world.options.stepMs, life.signal);
    const agent = textOf(body, "agent");
    if (agent !== undefined && !world.options.agents.includes(agent)) return refuseAgent(world, sessionId, agent);
    storePrompt(world, sessionId, body);
    if (play) start(sessionId, delayed?.busyAfterMs);
  };

  const abort = (sessionId: string): void => {
    for (const session of world.store.sessions()) {
      if (session.parentID === sessionId) abort(textOf(session, "id") ?? "");
    }
    const run = runs.get(sessionId);
    if (run === undefined || run.controller.signal.aborted) return;
    if (run.phase === "answering") {
      world.tell(sessionId, "session.error", { error: abortedError });
      world.setStatus(sessionId, { type: "idle" });
    }
    run.controller.abort();
  };

  return {
    accept(sessionId, body, { play }) {
      // Only a kill breaks it off.
      accept(sessionId, body, play).catch(() => undefined);
    },
    abort,
    async abortAll() {
      const all = [...runs.values()].map(({ done }) => done);
      for (const sessionId of [...runs.keys()]) abort(sessionId);
      await Promise.all(all);
    },
    kill() {
      life.abort();
      for (const run of runs.values()) run.controller.abort();
      world.shells.killAll();
    },
  };
}

/**
 * The newest message, unless an answer that came to its end follows it: what makes the same prompt posted again harmless.
 * An answer that was broken off does not count, so that prompt is played again (seen).
 */
function unanswered(world: World, sessionId: string): StoredMessage | undefined {
  const messages = world.store.messages(sessionId);
  const at = messages.findLastIndex(({ info }) => info.role === "user");
  const finish = textOf(messages.slice(at + 1).findLast(({ info }) => info.role === "assistant")?.info, "finish");
  return finish === undefined || finish === "tool-calls" ? messages[at] : undefined;
}
