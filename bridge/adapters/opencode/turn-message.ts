import type { Usage } from "../../../shared/task";
import { noUsage } from "../../../shared/usage";
import type { Message, MessageInfo, Part, SessionInfo, TurnError } from "./schemas";

/** Of each kind in one message: every part goes through all that are noted, and a hostile server has no end of them. */
const notedMax = 64;

/** What a verdict on a turn needs of one message. */
export interface TurnMessage {
  readonly id: string;
  readonly role: "user" | "assistant";
  /** The user message that it answers. */
  readonly parentId?: string | undefined;
  readonly createdAtEpochMs: number;
  readonly completedAtEpochMs?: number | undefined;
  readonly finish?: string | undefined;
  readonly error?: TurnError | undefined;
  /** The answer to a compaction: not an answer to the person. */
  readonly summary: boolean;
  /** A user message that asks for a compaction: of OpenCode itself, or of a person. */
  readonly compaction?: "automatic" | "asked" | undefined;
  /** A user message that OpenCode wrote, to go on after a compaction. */
  readonly synthetic: boolean;
  /** One of its tools failed or was rejected. */
  readonly toolFailed: boolean;
  /** Parts of its tools that are at work, 64 at most; those that run a subagent are not among them. */
  readonly runningTools: readonly string[];
  /** Sessions of the subagents it started, the first 64: their use is asked for one by one. */
  readonly subagents: readonly string[];
  readonly text: string;
  readonly usage: Usage;
}

/** Cached tokens count as input, reasoning as output. */
export function toUsage(counted: Pick<SessionInfo, "cost" | "tokens">): Usage {
  const { tokens } = counted;
  return {
    tokensIn: tokens === undefined ? 0 : tokens.input + tokens.cache.read + tokens.cache.write,
    tokensOut: tokens === undefined ? 0 : tokens.output + tokens.reasoning,
    cost: counted.cost ?? 0,
  };
}

/** A stored message. */
export function toTurnMessage(message: Message): TurnMessage {
  const text = message.parts.flatMap(shownText).join("");
  return message.parts.reduce(withPart, { ...withInfo(undefined, message.info), text });
}

/** The message after `message.updated`; what its parts told before is kept. */
export function withInfo(known: TurnMessage | undefined, info: MessageInfo): TurnMessage {
  return {
    id: info.id,
    role: info.role,
    parentId: info.parentID,
    createdAtEpochMs: info.time.created,
    completedAtEpochMs: info.time.completed,
    finish: info.finish,
    error: info.error,
    summary: info.role === "assistant" && info.summary === true,
    compaction: known?.compaction,
    synthetic: known?.synthetic ?? false,
    toolFailed: known?.toolFailed ?? false,
    runningTools: known?.runningTools ?? [],
    subagents: known?.subagents ?? [],
    text: known?.text ?? "",
    usage: info.role === "assistant" ? toUsage(info) : noUsage,
  };
}

/** The message after `message.part.updated`; its text is not followed. */
export function withPart(message: TurnMessage, part: Part): TurnMessage {
  if (part.type === "compaction") return { ...message, compaction: part.auto === true ? "automatic" : "asked" };
  if (part.type === "text") return part.synthetic === true ? { ...message, synthetic: true } : message;
  if (part.type !== "tool") return message;
  const child = part.state?.metadata?.sessionId;
  const others = message.runningTools.filter((id) => id !== part.id);
  const isNew = child !== undefined && message.subagents.length < notedMax && !message.subagents.includes(child);
  const runs = part.state?.status === "running" && child === undefined && others.length < notedMax;
  return {
    ...message,
    toolFailed: message.toolFailed || part.state?.status === "error",
    runningTools: runs ? [...others, part.id] : others,
    subagents: isNew ? [...message.subagents, child] : message.subagents,
  };
}

function shownText(part: Part): readonly string[] {
  return part.type === "text" && part.synthetic !== true && part.ignored !== true && part.text !== undefined ? [part.text] : [];
}
