import type { ErrorInfo } from "../../shared/errors";
import type { InstanceId } from "../../shared/ids";
import type { Event } from "../core/event";
import type { WorkspaceSetup } from "../core/project";
import type { CoreState } from "../core/state";
import type { OpenCode } from "../ports/opencode";
import type { Machines } from "./hosts/machines";
import type { InstanceLinks } from "./instance-links";
import type { Starts } from "./starts";

/** What effects are made of. */
export interface EffectParts {
  readonly machines: Machines;
  readonly openCode: OpenCode;
  readonly links: InstanceLinks;
  readonly starts: Starts;
  readonly passwordOf: (instanceId: InstanceId) => string;
  readonly state: () => CoreState;
  readonly post: (event: Event) => void;
  readonly epochMs: () => number;
  /** How worktrees of a repository are set up. */
  readonly setupOf: (repository: string) => WorkspaceSetup | undefined;
  /** The bridge stops. */
  readonly stopping: AbortSignal;
  /** Settles after the delay, or at once when the bridge stops. */
  readonly pause: (delayMs: number) => Promise<void>;
  readonly log: (message: string, details: Record<string, unknown>) => void;
  /** Anything thrown as a value with a code. */
  readonly errorOf: (thrown: unknown) => ErrorInfo;
  /** A fault of octo itself: the bridge ends, the next one reconciles. */
  readonly crash: (thrown: unknown) => void;
  /** How long a server may take to end its turns before it is killed. */
  readonly stopGraceMs: number;
}
