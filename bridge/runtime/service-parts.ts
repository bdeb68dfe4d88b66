import type { ErrorInfo } from "../../shared/errors";
import type { InstanceId } from "../../shared/ids";
import type { BridgeView } from "../../shared/snapshot";
import type { Config } from "../config/config";
import type { OpenFilesShare } from "../core/open-files";
import type { RandomBytes } from "../ids";
import type { Clock } from "../ports/clock";
import type { TaskIntake } from "../ports/intake";
import type { Results } from "../ports/results";
import type { Store } from "../ports/store";
import type { Workspaces } from "../ports/workspaces";
import type { Engine } from "./engine";
import type { HostKeeper } from "./hosts/host-keeper";
import type { InstanceLinks } from "./instance-links";
import type { OneByOne } from "./one-by-one";
import type { OutputBuffers } from "./output-buffers";
import type { Panes } from "./panes/create-panes";
import type { Publisher } from "./publisher";
import type { Requests } from "./requests";
import type { Telling } from "./telling";

/** What the calls of the socket are made of. */
export interface ServiceParts {
  readonly config: Config;
  readonly openFiles?: OpenFilesShare;
  readonly engine: Engine;
  readonly intake: TaskIntake;
  readonly store: Store;
  /** Of this machine. */
  readonly workspaces: Workspaces;
  readonly results: Results;
  readonly hosts: HostKeeper;
  /** The user's, for what belongs to no project. */
  readonly homeFolder: string;
  readonly links: InstanceLinks;
  readonly publisher: Publisher;
  readonly output: OutputBuffers;
  readonly requests: Requests;
  /** Whoever makes instances does so alone: names, ports and the limit follow from those that are there. */
  readonly spawning: OneByOne;
  /** Absent where no panes are opened. */
  readonly panes?: Panes | undefined;
  /** Absent where no programs of the user's are run. */
  readonly telling?: Telling | undefined;
  /** The program that starts OpenCode. OPENCODE_MISSING. */
  readonly openCodeCommand: () => Promise<readonly string[]>;
  readonly clock: Clock;
  readonly passwordOf: (instanceId: InstanceId) => string;
  /** Takes secrets out of what a server said. */
  readonly redact?: ((error: ErrorInfo) => ErrorInfo) | undefined;
  /** For names. */
  readonly randomBytes: RandomBytes;
  /** Order of submission, going on across restarts. */
  readonly nextSequence: () => number;
  readonly bridgeView: () => BridgeView;
  /** Ends the bridge after the answer is out. */
  readonly shutDown: () => void;
}
