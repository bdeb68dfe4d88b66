import type { PanePlace } from "../shared/pane";
import type { StatusSnapshot } from "../shared/snapshot";
import { remember, rememberedTable } from "./memory";
import { readSnapshot } from "./snapshot";

/** What is known of the bridge. */
export type Link =
  /** Nothing was heard yet; what an earlier Lua state of this process knew is shown as stale. */
  | { readonly kind: "connecting"; readonly snapshot: StatusSnapshot | undefined }
  | { readonly kind: "up"; readonly snapshot: StatusSnapshot; readonly heardAtS: number }
  /** It does not answer, though somebody listens. */
  | { readonly kind: "silent"; readonly snapshot: StatusSnapshot | undefined; readonly reason: string }
  | { readonly kind: "down"; readonly reason: string }
  | { readonly kind: "mismatch"; readonly older: "bridge" | "plugin" }
  /** Something that only a person can mend: curl is missing, the socket is somebody else's. */
  | { readonly kind: "broken"; readonly reason: string };

/** A line for the person that vanishes after a while. */
export interface Notice {
  readonly text: string;
  readonly isError: boolean;
  readonly untilS: number;
}

const snapshotKey = "snapshot";

interface State {
  link: Link;
  panes: readonly PanePlace[];
  notice: Notice | undefined;
  /** Raised at each change, so that what is drawn from it is drawn once. */
  version: number;
}

const state: State = { link: { kind: "connecting", snapshot: undefined }, panes: [], notice: undefined, version: 1 };

export function link(): Link {
  return state.link;
}

export function setLink(next: Link): void {
  state.link = next;
  state.version += 1;
  const snapshot = latestSnapshot();
  if (snapshot !== undefined) state.panes = snapshot.panes ?? [];
}

/** The panes of octo's in this GUI: they stay, and stay octo's, while the bridge is away. */
export function knownPanes(): readonly PanePlace[] {
  return state.panes;
}

/** For the Lua state after the next reload: the snapshot as it came. */
export function rememberSnapshot(json: string): void {
  remember(snapshotKey, json);
}

export function notice(): Notice | undefined {
  return state.notice;
}

export function setNotice(next: Notice | undefined): void {
  state.notice = next;
  state.version += 1;
}

export function version(): number {
  return state.version;
}

/** The newest that is known, however old. */
export function latestSnapshot(): StatusSnapshot | undefined {
  return state.link.kind === "up" || state.link.kind === "silent" || state.link.kind === "connecting" ? state.link.snapshot : undefined;
}

/** After a reload: what the Lua state before knew. */
export function recallSnapshot(): void {
  if (state.link.kind !== "connecting" || state.link.snapshot !== undefined) return;
  const read = readSnapshot(rememberedTable(snapshotKey));
  if (read.kind === "snapshot") setLink({ kind: "connecting", snapshot: read.snapshot });
}
