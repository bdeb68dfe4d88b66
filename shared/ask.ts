import type { AskId, HostId, InstanceId, TaskId } from "./ids";

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

/** `text` may have many lines. */
export interface AskDetail {
  /** OpenCode's word for it: `command`, `diff`, `filepath`, … */
  readonly name: string;
  readonly text: string;
}

export type AskContent =
  | {
      readonly kind: "permission";
      /** OpenCode's name of what is asked: `bash`, `edit`, `external_directory`, … */
      readonly permission: string;
      readonly patterns: readonly string[];
      /** What "always" would allow from then on. */
      readonly always: readonly string[];
      /** Patterns beyond the first 256: they are not shown, and no rule allows what is not shown. */
      readonly patternsLeftOut: number;
      /** What exactly would happen, in the tool's own words: the command, the diff, the folder. At most 64 KiB together. */
      readonly details: readonly AskDetail[];
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
  /** What is asked, on one line. */
  readonly title: string;
  readonly taskTitle?: string | undefined;
  readonly instanceName: string;
  readonly host: HostId;
  /** When octo denies it by itself, unless somebody answers before. */
  readonly deniedAtEpochMs?: number | undefined;
}

export type AskAnswer =
  | { readonly kind: "allow"; readonly scope: "once" | "always" }
  /** With a message the model goes on; without one the turn stops (seen). */
  | { readonly kind: "deny"; readonly message?: string | undefined }
  /** One list of chosen labels a question. */
  | { readonly kind: "answers"; readonly answers: readonly (readonly string[])[] };

export const ruleActions = ["allow", "deny", "ask"] as const;
export type RuleAction = (typeof ruleActions)[number];

/** OpenCode's own form of a permission rule; of several that match, the last one counts. */
export interface PermissionRule {
  readonly permission: string;
  readonly pattern: string;
  readonly action: RuleAction;
}

/** Through what a person answered. `api`: a client that did not say. */
export const askSurfaces = ["cli", "palette", "pane", "board", "api"] as const;
export type AskSurface = (typeof askSurfaces)[number];

export interface AnswerAskParams {
  readonly askId: AskId;
  readonly answer: AskAnswer;
  readonly surface?: AskSurface | undefined;
}
