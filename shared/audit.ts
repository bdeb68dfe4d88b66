import type { AskAnswer, AskContent, AskSurface } from "./ask";
import type { AskId, HostId, InstanceId, TaskId } from "./ids";

/** Who or what gave the answer to an ask. */
export type AskDecider =
  | { readonly kind: "person"; readonly surface: AskSurface }
  /** As the configuration has it: `rule 2 (bash: git *)`. */
  | { readonly kind: "rule"; readonly rule: string }
  | { readonly kind: "time-limit" }
  /** In OpenCode itself: in a TUI, or by an "always" that was given before. */
  | { readonly kind: "opencode" }
  /** Nobody: its turn, its session or its server ended first. */
  | { readonly kind: "nobody" }
  /** It was gone when the bridge could look again. */
  | { readonly kind: "unknown" };

/** One ask that is over: what was asked, and what became of it. */
export interface AuditEntry {
  readonly askId: AskId;
  readonly taskId?: TaskId | undefined;
  readonly instanceId: InstanceId;
  readonly instanceName: string;
  readonly host: HostId;
  readonly sessionId: string;
  readonly directory: string;
  readonly content: AskContent;
  readonly askedAtEpochMs: number;
  readonly closedAtEpochMs: number;
  readonly by: AskDecider;
  /** Absent where none was given, or nobody knows which. */
  readonly answer?: AskAnswer | undefined;
  /** OpenCode has taken the answer; without that, the server may have ended before it arrived. */
  readonly confirmed: boolean;
}

export interface ListAuditParams {
  readonly taskId?: TaskId | undefined;
  readonly sinceEpochMs?: number | undefined;
  readonly limit?: number | undefined;
}
