import type { StatusSnapshot } from "../../shared/snapshot";
import type { StatusPart, StatusSigns } from "../../shared/status-text";

/** One part of the status line. A part that raises costs only itself. */
export interface Part {
  readonly name: string;
  readonly show: (this: void, snapshot: StatusSnapshot, signs: StatusSigns) => StatusPart | undefined;
}
