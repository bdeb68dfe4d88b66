import type { Assistant } from "./assistant";
import { type JsonObject, objectOf, textOf } from "./json";
import { ProviderFailure } from "./provider-trouble";
import type { StoredMessage } from "./store";
import { type Phase, playTurn, type Turn } from "./turn";
import { Aborted, pause } from "./waiting";
import type { World } from "./world";

/** The loops that answer sessions, one a session. */
export interface Runs {
  /** Answers the newest message unless it is answered; a session that is busy looks again when its turn ends. */
  start(sessionId: string): void;
  /** As seen: the session says idle at once, its messages follow; queued prompts stay unanswered; subagents are aborted too. */
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
  done: Promise<void>;
}

export function createRuns(world: World, storePrompt: (sessionId: string, text: string) => void): Runs {
  const runs = new Map<string, Run>();
  let dead = false;

  const start = (sessionId: string): void => {
    const present = runs.get(sessionId);
    if (present !== undefined) {
      if (present.controller.signal.aborted) present.again = true;
      return;
    }
    const run: Run = { controller: new AbortController(), phase: "waiting", assistant: undefined, again: false, done: Promise.resolve() };
    runs.set(sessionId, run);
    world.setStatus(sessionId, { type: "busy" });
    run.done = drive(sessionId, run).finally(() => {
      runs.delete(sessionId);
      if (run.again && !dead) start(sessionId);
    });
  };

  const drive = async (sessionId: string, run: Run): Promise<void> => {
    try {
      await pause(world.options.stepMs, run.controller.signal);
      let verdict = "ended";
      for (let user = unanswered(world, sessionId); user !== undefined && verdict === "ended"; user = unanswered(world, sessionId)) {
        const turn = turnOf(sessionId, user, run);
        if (turn === undefined) return;
        verdict = await playTurn(turn);
      }
      settleNormally(world, sessionId);
    } catch (thrown) {
      if (dead) return;
      if (thrown instanceof Aborted) return settleAborted(world, sessionId, run);
      if (thrown instanceof ProviderFailure) return settleFailed(world, sessionId, run, thrown.error);
      throw thrown;
    }
  };

  const turnOf = (sessionId: string, user: StoredMessage, run: Run): Turn | undefined => {
    const model = objectOf(user.info, "model");
    const providerID = textOf(model, "providerID") ?? "";
    const modelID = textOf(model, "modelID") ?? "";
    const agent = textOf(user.info, "agent") ?? "build";
    const trouble = unusable(world, `${providerID}/${modelID}`, agent);
    if (trouble !== undefined) {
      refuse(world, sessionId, trouble);
      return undefined;
    }
    const directory = textOf(world.store.session(sessionId), "directory") ?? world.options.directory;
    return {
      ...{ world, sessionId, directory, user, model: { providerID, modelID }, agent, signal: run.controller.signal },
      playChild: (prompt) => playChild(sessionId, directory, prompt),
      enter(phase, assistant) {
        run.phase = phase;
        run.assistant = assistant;
      },
    };
  };

  const playChild = async (parentId: string, directory: string, prompt: string): Promise<string> => {
    const child = textOf(world.createSession({ directory, title: "child", parentId }), "id") ?? "";
    storePrompt(child, prompt);
    start(child);
    await runs.get(child)?.done;
    return `<task id="${child}">done</task>`;
  };

  const abort = (sessionId: string): void => {
    for (const session of world.store.sessions()) {
      if (session.parentID === sessionId) abort(textOf(session, "id") ?? "");
    }
    const run = runs.get(sessionId);
    if (run === undefined || run.controller.signal.aborted) return;
    if (run.phase === "answering") world.tell(sessionId, "session.error", { error: abortedError });
    if (run.phase !== "waiting") world.setStatus(sessionId, { type: "idle" });
    run.controller.abort();
  };

  return {
    start,
    abort,
    async abortAll() {
      const doneAll = [...runs.values()].map(({ done }) => done);
      for (const sessionId of [...runs.keys()]) abort(sessionId);
      await Promise.all(doneAll);
    },
    kill() {
      dead = true;
      for (const run of runs.values()) run.controller.abort();
      world.shells.killAll();
    },
  };
}

const abortedError: JsonObject = { name: "MessageAbortedError", data: { message: "Aborted" } };

/**
 * The newest message by id, unless an answer that came to its end follows it: what makes the same prompt posted again harmless.
 * An answer that was broken off does not count, so that prompt is played again.
 */
function unanswered(world: World, sessionId: string): StoredMessage | undefined {
  const messages = world.store.messages(sessionId);
  const user = messages.findLast(({ info }) => info.role === "user");
  const answer = messages.findLast(({ info }) => info.role === "assistant");
  if (user === undefined || answer === undefined || answer.id < user.id) return user;
  const finish = textOf(answer.info, "finish");
  return finish === undefined || finish === "tool-calls" ? user : undefined;
}

function unusable(world: World, model: string, agent: string): JsonObject | undefined {
  const { models, agents } = world.options;
  if (!agents.includes(agent))
    return { name: "UnknownError", data: { message: `Agent not found: "${agent}". Available agents: ${agents.join(", ")}` } };
  if (!models.includes(model)) return { name: "UnknownError", data: { message: `Model not found: ${model}.` } };
  return undefined;
}

/** A wrong model or agent: the error twice and no answer (seen). */
function refuse(world: World, sessionId: string, error: JsonObject): void {
  world.tell(sessionId, "session.error", { error });
  world.tell(sessionId, "session.error", { error });
  world.setStatus(sessionId, { type: "idle" });
}

/** The totals and the diffs come just after idle (seen). */
function settleNormally(world: World, sessionId: string): void {
  world.setStatus(sessionId, { type: "busy" });
  world.setStatus(sessionId, { type: "idle" });
  const session = world.store.session(sessionId);
  if (session !== undefined) world.putSession(session);
  const user = world.store.messages(sessionId).findLast(({ info }) => info.role === "user");
  if (user !== undefined) world.putMessage({ ...user.info, summary: { diffs: [] } });
}

async function settleAborted(world: World, sessionId: string, run: Run): Promise<void> {
  await pause(world.options.settleMs, new AbortController().signal);
  run.assistant?.breakOff(run.phase === "retrying" ? undefined : abortedError);
  if (run.phase !== "retrying") world.setStatus(sessionId, { type: "idle" });
}

/** Idle comes before the message holds the error, and once more after it (seen, 44 ms). */
async function settleFailed(world: World, sessionId: string, run: Run, error: JsonObject): Promise<void> {
  world.tell(sessionId, "session.error", { error });
  world.setStatus(sessionId, { type: "idle" });
  await pause(world.options.settleMs, new AbortController().signal);
  run.assistant?.breakOff(error);
  world.setStatus(sessionId, { type: "idle" });
}
