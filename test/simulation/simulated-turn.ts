import type { TurnOutcome, TurnReport, TurnRetry } from "../../bridge/core/turn";
import type { OpenAsk, PromptRequest } from "../../bridge/ports/opencode";
import type { AskId } from "../../shared/ids";
import type { Usage } from "../../shared/task";
import { noUsage } from "../../shared/usage";
import { markOf, type Work } from "./truth";
import type { World } from "./world";

/** One prompt as OpenCode keeps it. */
export interface Turn extends Work {
  readonly sessionId: string;
  state: "stored" | "running" | "interrupted" | "ended";
  /** Only the same prompt again begins it. */
  swallowed: boolean;
  outcome: TurnOutcome;
  usage: Usage;
  retry: TurnRetry | undefined;
  stepsLeft: number;
  readonly asks: Map<AskId, OpenAsk>;
}

/** What an instance has on its disk: it outlives the process. */
export interface ServerData {
  /** Folder of each session. */
  readonly sessions: Map<string, string>;
  readonly turns: Map<string, Turn>;
}

export function newTurn(world: World, { parts, sessionId, messageId }: PromptRequest, at: Pick<Work, "directory" | "process">): Turn {
  const text = parts.map(({ content }) => (content.kind === "text" ? content.text : "")).join("");
  return {
    ...at,
    mark: markOf(text),
    messageId,
    sessionId,
    state: "stored",
    swallowed: false,
    outcome: { kind: "succeeded" },
    usage: noUsage,
    retry: undefined,
    stepsLeft: world.chance.between(0, 6),
    asks: new Map(),
  };
}

export function drawOutcome({ chance, isKind }: World): TurnOutcome {
  if (isKind || chance.happens(0.7)) return { kind: "succeeded" };
  const failed = (code: "PROVIDER_UNAVAILABLE" | "PROVIDER_AUTH"): TurnOutcome => ({ kind: "failed", error: { code, message: code } });
  const unavailable = failed("PROVIDER_UNAVAILABLE");
  return chance.pick([unavailable, unavailable, failed("PROVIDER_AUTH"), { kind: "truncated" } as const]) ?? unavailable;
}

/** What the server says of a prompt when it is asked. */
export function reportOf(turn: Turn | undefined): TurnReport {
  switch (turn?.state) {
    case undefined:
      return { kind: "absent" };
    case "stored":
      return { kind: "stored" };
    case "running":
      return { kind: "running", retry: turn.retry };
    case "interrupted":
      return { kind: "interrupted", usage: turn.usage };
    case "ended":
      return { kind: "ended", outcome: turn.outcome, text: "done", usage: turn.usage };
  }
}
