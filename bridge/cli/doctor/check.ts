import type { Folders } from "../../folders";
import type { Client } from "../client";

/** What a check found: the thing and its value, and what to do unless it is well. */
export type Finding =
  | { readonly status: "ok"; readonly what: string }
  | {
      readonly status: "warn" | "fail";
      readonly what: string;
      readonly next: string;
      /** What `octo doctor --fix` does: safe, and never to anything of the user's. */
      readonly fix?: (() => Promise<void>) | undefined;
    };

export interface CheckContext {
  readonly environment: Readonly<Record<string, string>>;
  readonly folders: Folders;
  readonly client: Client;
}

export interface Check {
  readonly name: string;
  /** What it raises becomes a failure. */
  run(context: CheckContext): Promise<Finding>;
}

export const ok = (what: string): Finding => ({ status: "ok", what });
export const warn = (what: string, next: string, fix?: () => Promise<void>): Finding => ({ status: "warn", what, next, fix });
export const fail = (what: string, next: string): Finding => ({ status: "fail", what, next });
