import { type Directive, parseScript } from "../../../bridge/demo/stand-in/directives";
import { type Assistant, beginAssistant } from "./assistant";
import { textOf } from "./json";
import { apiError, cutStatus, ProviderFailure, type Retry, retryStatuses } from "./provider-trouble";
import type { StoredMessage } from "./store";
import { callTool, type ToolContext, type ToolVerdict } from "./tools";
import { pause, unlessAborted } from "./waiting";
import type { World } from "./world";

/** What a session's turn is doing; decides what an abort looks like. `waiting`: the model was not asked yet. */
export type Phase = "waiting" | "retrying" | "answering";

export interface Turn {
  readonly world: World;
  readonly sessionId: string;
  readonly directory: string;
  readonly user: StoredMessage;
  readonly model: { readonly providerID: string; readonly modelID: string };
  readonly agent: string;
  readonly signal: AbortSignal;
  readonly playChild: ToolContext["playChild"];
  readonly enter: (phase: Phase, assistant: Assistant) => void;
}

/** A directive, and under which name the world counts how often it has acted. */
interface Cue {
  readonly directive: Directive;
  readonly key: string;
}

/** Plays what the user's message tells the model to do, one assistant message a call of the model. Raises `Aborted` and `ProviderFailure`. */
export async function playTurn(turn: Turn): Promise<ToolVerdict> {
  const { task, directives, fault } = parseScript(promptOf(turn.user));
  if (fault !== undefined) throw new ProviderFailure(apiError(400, fault, false));
  turn.world.beginTurn(task, turn.sessionId, turn.user.id);
  const scope = task ?? turn.user.id;
  let step: Cue[] = [];
  for (const [index, directive] of directives.entries()) {
    step.push({ directive, key: `${scope} ${index}` });
    if (directive.kind !== "tool") continue;
    if ((await playStep(turn, step)) === "stopped") return "stopped";
    step = [];
  }
  await playStep(turn, step);
  return "done";
}

function promptOf(message: StoredMessage): string {
  return [...message.parts.values()].map((part) => textOf(part, "text") ?? "").join("\n");
}

/** The directives up to and with one tool call, or to the end. */
async function playStep(turn: Turn, cues: readonly Cue[]): Promise<ToolVerdict> {
  const { world, sessionId, directory, signal } = turn;
  const { stepMs } = world.options;
  const { model, agent } = turn;
  const assistant = beginAssistant(world, { sessionId, parentId: turn.user.id, directory, model, agent });
  turn.enter("waiting", assistant);
  await pause(stepMs, signal);
  world.setStatus(sessionId, { type: "busy" });
  turn.enter("answering", assistant);
  // Statuses first: once text is streamed, no status can be sent.
  for (const cue of cues) {
    if (cue.directive.kind !== "status" || !world.spend(cue.key, 1)) continue;
    await waitForRetries(turn, assistant, retryStatuses(cue.directive, world.options.retryMs));
  }
  for (const cue of cues) {
    const { directive } = cue;
    if (directive.kind === "tool") {
      const verdict = await callTool(directive.call, { world, sessionId, directory, signal, assistant, playChild: turn.playChild });
      await pause(stepMs, signal);
      assistant.finish("tool-calls");
      if (verdict === "done") world.setStatus(sessionId, { type: "busy" });
      return verdict;
    }
    if (directive.kind === "length") return finish(turn, assistant, "length");
    await playWords(cue, assistant, turn);
  }
  return finish(turn, assistant, "stop");
}

async function finish(turn: Turn, assistant: Assistant, reason: string): Promise<"done"> {
  if (!assistant.hasText()) assistant.say("Done.");
  await pause(turn.world.options.stepMs, turn.signal);
  assistant.finish(reason);
  return "done";
}

async function playWords({ directive, key }: Cue, assistant: Assistant, turn: Turn): Promise<void> {
  const { world, signal } = turn;
  switch (directive.kind) {
    case "say":
      assistant.say(directive.text);
      return pause(world.options.stepMs, signal);
    case "slow":
      for (let word = 1; word <= directive.words; word += 1) {
        assistant.say(`word${word} `);
        await pause(directive.gapMs, signal);
      }
      return;
    case "gate":
      assistant.begin();
      return world.gates.pass(directive.name, signal);
    case "hang":
      return world.spend(key, directive.times) ? unlessAborted(signal, new Promise<void>(() => {})) : undefined;
    case "cut":
      if (!world.spend(key, directive.times)) return;
      assistant.say("This answer breaks ");
      assistant.endText();
      return waitForRetries(turn, assistant, [cutStatus(world.options.retryMs)]);
    // `overflow` is not played: the real server's compaction is covered by recordings.
    case "overflow":
    case "status":
    case "length":
    case "tool":
      return;
  }
}

async function waitForRetries(turn: Turn, assistant: Assistant, retries: Iterable<Retry>): Promise<void> {
  for (const { status, delayMs } of retries) {
    turn.enter("retrying", assistant);
    turn.world.setStatus(turn.sessionId, status);
    await pause(delayMs, turn.signal);
    turn.enter("answering", assistant);
    turn.world.setStatus(turn.sessionId, { type: "busy" });
  }
}
