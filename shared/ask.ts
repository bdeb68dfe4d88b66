import type { AskId, InstanceId, TaskId } from "./ids";

export interface QuestionOption {
  readonly label: string;
  readonly description: string;
}

export interface Question {
  readonly header: string;
  readonly question: string;
  readonly options: readonly QuestionOption[];
  readonly multiple: boolean;
}

export type AskContent =
  | {
      readonly kind: "permission";
      /** OpenCode's name of what is asked: `bash`, `edit`, `external_directory`, … */
      readonly permission: string;
      readonly patterns: readonly string[];
      /** What "always" would allow from then on. */
      readonly always: readonly string[];
      /** What the tool said about the request: a diff, a command; at most 16 KiB of JSON. */
      readonly metadata: string;
    }
  | { readonly kind: "question"; readonly questions: readonly Question[] };

/** A permission or question that waits for a person. */
export interface Ask {
  readonly id: AskId;
  readonly instanceId: InstanceId;
  /** The session that asks: the task's own or a child of it. */
  readonly sessionId: string;
  /** The task's session: the root of `sessionId`. */
  readonly rootSessionId: string;
  readonly directory: string;
  readonly content: AskContent;
  readonly askedAtEpochMs: number;
}

export interface AskView extends Ask {
  readonly taskId?: TaskId | undefined;
  readonly title: string;
}

export type AskAnswer =
  | { readonly kind: "allow"; readonly scope: "once" | "always" }
  /** With a message the model goes on; without one the turn stops (seen). */
  | { readonly kind: "deny"; readonly message?: string | undefined }
  /** One list of chosen labels a question. */
  | { readonly kind: "answers"; readonly answers: readonly (readonly string[])[] };
