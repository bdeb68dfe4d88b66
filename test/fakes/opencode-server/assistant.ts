import { newId } from "./ids";
import { type JsonObject, numberOf, objectOf } from "./json";
import { noTokens, type World } from "./world";

const stepTokens = { total: 1052, input: 902, output: 50, reasoning: 0, cache: { read: 100, write: 0 } } as const;
const stepCost = 0.003486;

/** One assistant message while it is written: one call of the model. */
export interface Assistant {
  readonly id: string;
  /** The model begins to answer; done by whatever it does first. */
  begin(): void;
  hasText(): boolean;
  /** Adds to its text; told at once, stored only when the text ends (seen). */
  say(delta: string): void;
  endText(): void;
  tool(name: string): ToolPart;
  /** The call is over: its tokens and cost, then the message as completed. */
  finish(reason: string): void;
  /** Completed without a finish; with an error unless the abort came while it waited for a retry (seen). */
  breakOff(error: JsonObject | undefined): void;
}

export interface ToolPart {
  readonly reference: JsonObject;
  running(input: JsonObject, metadata?: JsonObject): void;
  completed(output: string, metadata: JsonObject, title: string): void;
  failed(error: string): void;
}

export interface AssistantRequest {
  readonly sessionId: string;
  readonly parentId: string;
  readonly directory: string;
  readonly model: { readonly providerID: string; readonly modelID: string };
  readonly agent: string;
}

export function beginAssistant(world: World, request: AssistantRequest): Assistant {
  const { sessionId } = request;
  const id = newId("msg");
  const created = Date.now();
  const base = {
    ...{ id, parentID: request.parentId, role: "assistant", mode: request.agent, agent: request.agent },
    ...{ path: { cwd: request.directory, root: request.directory }, ...request.model, sessionID: sessionId },
  };
  let usage: JsonObject = { cost: 0, tokens: noTokens };
  let begun = false;
  let said = false;
  let open: { readonly part: JsonObject; readonly startMs: number; text: string } | undefined;
  const putMessage = (more: JsonObject, completed?: number): void =>
    world.putMessage({ ...base, ...usage, time: { created, ...(completed === undefined ? {} : { completed }) }, ...more });
  const newPart = (type: string): JsonObject => ({ id: newId("prt"), messageID: id, sessionID: sessionId, type });
  const begin = (): void => {
    if (begun) return;
    begun = true;
    world.putPart(newPart("step-start"));
  };
  const endText = (): void => {
    if (open === undefined) return;
    world.putPart({ ...open.part, text: open.text, time: { start: open.startMs, end: Date.now() } });
    open = undefined;
  };

  putMessage({});
  return {
    id,
    begin,
    hasText: () => said,
    say(delta) {
      begin();
      said = true;
      if (open === undefined) {
        open = { part: newPart("text"), startMs: Date.now(), text: "" };
        world.putPart({ ...open.part, text: "", time: { start: open.startMs } });
      }
      open.text += delta;
      world.tell(sessionId, "message.part.delta", { messageID: id, partID: open.part.id, field: "text", delta });
    },
    endText,
    tool(name) {
      begin();
      return openTool(world, newPart("tool"), name);
    },
    finish(reason) {
      begin();
      endText();
      usage = { cost: stepCost, tokens: stepTokens };
      world.putPart({ ...newPart("step-finish"), reason, tokens: stepTokens, cost: stepCost });
      putMessage({ finish: reason });
      addToSession(world, sessionId);
      putMessage({ finish: reason }, Date.now());
    },
    breakOff(error) {
      endText();
      putMessage(error === undefined ? {} : { error }, Date.now());
    },
  };
}

function openTool(world: World, part: JsonObject, tool: string): ToolPart {
  const callID = newId("prt").replace("prt_", "call_");
  const start = Date.now();
  let given: JsonObject = {};
  const put = (state: JsonObject): void => world.putPart({ ...part, tool, callID, state });
  put({ status: "pending", input: {}, raw: "" });
  return {
    reference: { messageID: part.messageID, callID },
    running(input, metadata) {
      given = input;
      put({ status: "running", input, time: { start }, ...(metadata === undefined ? {} : { metadata }) });
    },
    completed: (output, metadata, title) =>
      put({
        status: "completed",
        input: given,
        output,
        metadata: { ...metadata, truncated: false },
        title,
        time: { start, end: Date.now() },
      }),
    failed: (error) => put({ status: "error", input: given, error, time: { start, end: Date.now() } }),
  };
}

/** The session's totals, as `session.updated` tells them. Stored now, told with the next one. */
function addToSession(world: World, sessionId: string): void {
  const session = world.store.session(sessionId);
  const tokens = objectOf(session, "tokens");
  const cache = objectOf(tokens, "cache");
  const sum = (left: number | undefined, right: number): number => (left ?? 0) + right;
  const total = {
    input: sum(numberOf(tokens, "input"), stepTokens.input),
    output: sum(numberOf(tokens, "output"), stepTokens.output),
    reasoning: 0,
    cache: { read: sum(numberOf(cache, "read"), stepTokens.cache.read), write: 0 },
  };
  world.store.put({ kind: "session", info: { ...session, cost: sum(numberOf(session, "cost"), stepCost), tokens: total } });
}
