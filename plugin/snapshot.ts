import { protocolVersion } from "../shared/protocol";
import type { StatusSnapshot } from "../shared/snapshot";
import { isTable } from "./read";

export type SnapshotRead =
  | { readonly kind: "snapshot"; readonly snapshot: StatusSnapshot }
  | { readonly kind: "mismatch"; readonly older: "bridge" | "plugin" }
  | { readonly kind: "unknown" };

const countNames = ["instances", "instancesReady", "queued", "running", "waiting", "costToday"] as const;

/** What a long poll brought. Whatever is not the snapshot of a bridge of our protocol is refused as a whole. */
export function readSnapshot(value: unknown): SnapshotRead {
  if (!isTable(value)) return { kind: "unknown" };
  const { protocol } = value;
  if (typeof protocol !== "number") return { kind: "unknown" };
  if (protocol !== protocolVersion) return { kind: "mismatch", older: protocol < protocolVersion ? "bridge" : "plugin" };
  return isSnapshot(value) ? { kind: "snapshot", snapshot: value } : { kind: "unknown" };
}

function isSnapshot(value: unknown): value is StatusSnapshot {
  if (!isTable(value)) return false;
  const { revision, bridge, counts, pause, notices } = value;
  if (pause !== undefined && typeof pause !== "string") return false;
  if (typeof revision !== "number" || !isTable(bridge) || !isTable(counts)) return false;
  if (typeof bridge.pid !== "number" || typeof bridge.startedAtEpochMs !== "number") return false;
  if (notices !== undefined && !isListOf(notices, ["id", "on", "text"])) return false;
  for (const name of countNames) if (typeof counts[name] !== "number") return false;
  return isListOf(value.troubled, ["id", "name", "state"]) && isListOf(value.asks, ["id", "title", "kind"]) && hasEnds(value.ends);
}

function hasEnds(value: unknown): boolean {
  return isListOf(value, ["taskId", "title", "state"]);
}

function isListOf(value: unknown, textFields: readonly string[]): boolean {
  if (!Array.isArray(value)) return false;
  for (const item of value) {
    if (!isTable(item)) return false;
    for (const field of textFields) if (typeof item[field] !== "string") return false;
  }
  return true;
}
