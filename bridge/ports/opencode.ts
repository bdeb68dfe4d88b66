import type { AskAnswer, AskContent, PermissionRule } from "../../shared/ask";
import type { ErrorInfo } from "../../shared/errors";
import type { AskId, InstanceId } from "../../shared/ids";
import type { Usage } from "../../shared/task";
import type { AskClosing } from "../core/ask-close";
import type { TurnReport, TurnRetry } from "../core/turn";
import type { ExitInfo, ProcessIdentity } from "./processes";

export type { TurnOutcome, TurnReport, TurnRetry } from "../core/turn";

/** How to talk to one server. */
export interface Endpoint {
  readonly url: string;
  readonly password: string;
}

export interface LaunchRequest {
  readonly instanceId: InstanceId;
  readonly incarnation: number;
  readonly port: number;
  readonly password: string;
}

export interface LaunchedServer {
  readonly identity: ProcessIdentity;
  readonly endpoint: Endpoint;
  /** Settles when the process ends (also for an adopted one, then by watching; without code and signal). */
  readonly exited: Promise<ExitInfo>;
}

/** Starts, finds and ends OpenCode servers on one host. */
export interface Launcher {
  /** A free loopback port, not one of `taken`: `preferred` (0: none) if it can be had. */
  choosePort(taken: readonly number[], preferred: number): Promise<number>;
  /** Spawns; does not wait until it listens. OPENCODE_MISSING, PORT_TAKEN. */
  launch(request: LaunchRequest): Promise<LaunchedServer>;
  /** Waits for an authorised healthy answer and checks the version; raises with the last lines of stderr when the process ends first. */
  waitReady(
    server: LaunchedServer,
    options: { readonly deadlineMs: number; readonly signal: AbortSignal },
  ): Promise<{ readonly version: string }>;
  /** The living server of an earlier bridge, by identity or by its environment; undefined when there is none. */
  adopt(request: LaunchRequest, identity: ProcessIdentity | undefined): Promise<LaunchedServer | undefined>;
  /** Orderly: dispose (aborts and finalises turns), SIGTERM, SIGKILL to the group, then `sweep`. Settles when nothing is left. */
  stop(server: LaunchedServer, options: { readonly graceMs: number }): Promise<void>;
  /** Ends what a dead server left: tool children (by OPENCODE_PID), lock folders. Settles when nothing is left. */
  sweep(request: LaunchRequest, identity: ProcessIdentity | undefined): Promise<void>;
  /** The last lines of its stderr, made inert. */
  lastStderr(instanceId: InstanceId, linesMax: number): Promise<string>;
}

export interface PromptPart {
  readonly id: string;
  readonly content:
    | { readonly kind: "text"; readonly text: string }
    | { readonly kind: "file"; readonly path: string; readonly mime: string };
}

export interface PromptRequest {
  readonly directory: string;
  readonly sessionId: string;
  readonly messageId: string;
  readonly parts: readonly PromptPart[];
  readonly model?: string | undefined;
  readonly agent?: string | undefined;
  readonly variant?: string | undefined;
}

export interface OpenAsk {
  readonly id: AskId;
  readonly sessionId: string;
  readonly rootSessionId: string;
  readonly content: AskContent;
}

/** Where an answer goes. */
export interface AskPlace {
  readonly id: AskId;
  readonly directory: string;
  readonly kind: AskContent["kind"];
  /** How many questions it asks; 1 when absent. */
  readonly questions?: number | undefined;
}

/** A line of a transcript, for `octo logs`. */
export interface TranscriptEntry {
  readonly role: "user" | "assistant" | "tool";
  readonly text: string;
}

/**
 * One server's API. Each call takes at most its deadline and checks status, content type and shape of the answer
 * (OPENCODE_ANSWER_INVALID, OPENCODE_UNAUTHORISED, INSTANCE_UNRESPONSIVE, OPENCODE_PROJECT_CONFIG_BROKEN).
 */
export interface OpenCodeClient {
  health(): Promise<{ readonly version: string }>;
  /** `permissions`: what the session may do, over what the user's and the project's configuration say. */
  createSession(request: {
    readonly directory: string;
    readonly title: string;
    readonly permissions?: readonly PermissionRule[] | undefined;
  }): Promise<{ readonly sessionId: string }>;
  /** Raises INSTANCE_UNRESPONSIVE when it is not known whether the prompt arrived: reconcile before sending again. */
  prompt(request: PromptRequest): Promise<void>;
  turn(request: { readonly directory: string; readonly sessionId: string; readonly messageId: string }): Promise<TurnReport>;
  /** Ends the session's turn and its subagents'. Returning says nothing about the turn: ask `turn`. */
  abort(request: { readonly directory: string; readonly sessionId: string }): Promise<void>;
  /** Open permissions and questions of the directory, with the root session of each; those of idle sessions left out. */
  asks(directory: string): Promise<readonly OpenAsk[]>;
  /** ASK_UNKNOWN when it is gone. A question that is denied with a message gets it as its answer: so the model goes on. */
  answer(ask: AskPlace, answer: AskAnswer): Promise<void>;
  /** `provider/model` of everything the directory's configuration offers; without one, the server's own logins and settings. */
  models(directory?: string): Promise<readonly string[]>;
  /** Ends what the server holds for the folder; turns in it are aborted. */
  disposeDirectory(directory: string): Promise<void>;
  transcript(request: { readonly directory: string; readonly sessionId: string }): Promise<readonly TranscriptEntry[]>;
  close(): Promise<void>;
}

/** What the stream of one server says, in octo's words. `sessionId` is always the root session: a child's news is its root's. */
export type ServerNews =
  /** A session works on something; sent at every sign of progress, at most once a second a session. */
  | { readonly kind: "progress"; readonly sessionId: string }
  | { readonly kind: "turn-started"; readonly sessionId: string; readonly messageId: string }
  /**
   * The root session went idle or reported an error: time to inspect the turn. Comes twice for most errors and aborts; the stored
   * messages are final only at the last. `error` is what the session reported since it was last busy: the only sign of a bad
   * model (turn: stored) or agent (turn: absent).
   */
  | { readonly kind: "settled"; readonly sessionId: string; readonly error?: ErrorInfo | undefined }
  | { readonly kind: "retrying"; readonly sessionId: string; readonly retry: TurnRetry }
  | { readonly kind: "ask-opened"; readonly directory: string; readonly ask: OpenAsk }
  | { readonly kind: "ask-closed"; readonly askId: AskId; readonly closing: AskClosing }
  /** Output as it comes, for those who watch; never stored. */
  | { readonly kind: "text"; readonly sessionId: string; readonly delta: string }
  | { readonly kind: "tool"; readonly sessionId: string; readonly name: string; readonly title: string; readonly status: string }
  /** Of the turn under way, subagents included, as far as the stream has seen it: `turn` is exact. */
  | { readonly kind: "usage"; readonly sessionId: string; readonly usage: Usage };

export interface StreamHandlers {
  /** The stream is open (again); whatever happened before may have been missed: reconcile. */
  readonly opened: () => void;
  readonly news: (news: ServerNews) => void;
  /** A sign of life: any event or heartbeat. */
  readonly alive: () => void;
  /** It broke or was silent for 30 s; it is being opened again with backoff. */
  readonly lost: (error: ErrorInfo) => void;
}

/** Keeps one `/global/event` stream open until closed. */
export interface EventStream {
  close(): Promise<void>;
}

export interface OpenCode {
  connect(endpoint: Endpoint): OpenCodeClient;
  watch(endpoint: Endpoint, handlers: StreamHandlers): EventStream;
  /** New ids in OpenCode's own format and order: `msg_…`, `prt_…`. */
  messageId(): string;
  partId(): string;
}
