import { type Assistant, beginAssistant } from "./assistant";
import { type Directive, parseDirectives } from "./directives";
import { textOf } from "./json";
import { retryStatuses } from "./provider-trouble";
import type { StoredMessage } from "./store";
import { callTool, isTool, type ToolDirective } from "./tools";
import { pause, unlessAborted } from "./waiting";
import type { World } from "./world";

/** What one session's turn is doing; decides what an abort looks like. */
export type Phase = "waiting" | "retrying" | "answering";

export interface Turn {
  readonly world: World;
  readonly sessionId: string;
  readonly directory: string;
  readonly user: StoredMessage;
  readonly model: { readonly providerID: string; readonly modelID: string };
  readonly agent: string;
  readonly signal: AbortSignal;
  readonly playChild: (prompt: string) => Promise<string>;
  readonly enter: (phase: Phase, assistant: Assistant) => void;
}

/** One call of the model: what it does before it calls a tool or, in the last step, ends. */
interface Step {
  readonly before: readonly Exclude<Directive, ToolDirective>[];
  readonly tool: ToolDirective | undefined;
}

/** Plays the directives of the user's message. Raises `Aborted` and `ProviderFailure`. */
export async function playTurn(turn: Turn): Promise<"ended" | "stopped"> {
  const directives = parseDirectives(promptOf(turn.user));
  for (const directive of directives) {
    if (directive.kind === "task") turn.world.countTurn(directive.mark);
  }
  turn.world.logTurn({
    kind: "turn",
    marks: directives.flatMap((each) => (each.kind === "task" ? [each.mark] : [])),
    messageID: turn.user.id,
  });
  for (const step of stepsOf(directives)) {
    const verdict = await playStep(turn, step);
    if (verdict === "stopped") return "stopped";
  }
  return "ended";
}

/** The text a user wrote, attachments left out. */
export function promptOf(message: StoredMessage): string {
  return [...message.parts.values()].map((part) => textOf(part, "text") ?? "").join("\n");
}

async function playStep(turn: Turn, step: Step): Promise<"done" | "stopped"> {
  const { world, sessionId, directory, signal } = turn;
  const { stepMs } = world.options;
  const assistant = beginAssistant(world, {
    ...{ sessionId, parentId: turn.user.id, directory },
    ...{ model: turn.model, agent: turn.agent },
  });
  turn.enter("waiting", assistant);
  await pause(stepMs, signal);
  world.setStatus(sessionId, { type: "busy" });
  let finish = "stop";
  for (const directive of step.before) {
    if (directive.kind === "length") finish = "length";
    await playWords(directive, assistant, turn);
  }
  if (step.tool === undefined) {
    if (!assistant.begun()) assistant.say("done");
    turn.enter("answering", assistant);
    await pause(stepMs, signal);
    assistant.finish(finish);
    return "done";
  }
  turn.enter("answering", assistant);
  const verdict = await callTool(step.tool, { world, sessionId, directory, signal, assistant, playChild: turn.playChild });
  await pause(stepMs, signal);
  assistant.finish("tool-calls");
  if (verdict === "done") world.setStatus(sessionId, { type: "busy" });
  return verdict;
}

async function playWords(directive: Exclude<Directive, ToolDirective>, assistant: Assistant, turn: Turn): Promise<void> {
  const { world, sessionId, signal } = turn;
  switch (directive.kind) {
    case "say":
      turn.enter("answering", assistant);
      assistant.say(directive.text);
      return pause(world.options.stepMs, signal);
    case "slow":
      turn.enter("answering", assistant);
      for (let token = 0; token < directive.tokens; token += 1) {
        assistant.say(`tok${token} `);
        await pause(directive.intervalMs, signal);
      }
      return;
    case "gate":
      return world.gates.pass(directive.name, signal);
    case "hang":
      return unlessAborted(signal, new Promise<void>(() => {}));
    case "status":
      for (const status of retryStatuses(directive, world.options.retryMs)) {
        turn.enter("retrying", assistant);
        world.setStatus(sessionId, status.status);
        await pause(status.delayMs, signal);
        turn.enter("waiting", assistant);
        world.setStatus(sessionId, { type: "busy" });
      }
      return;
    case "task":
    case "length":
      return;
  }
}

function stepsOf(directives: readonly Directive[]): readonly Step[] {
  const steps: Step[] = [];
  let before: Exclude<Directive, ToolDirective>[] = [];
  for (const directive of directives) {
    if (isTool(directive)) {
      steps.push({ before, tool: directive });
      before = [];
    } else before.push(directive);
  }
  return [...steps, { before, tool: undefined }];
}
