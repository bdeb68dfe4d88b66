import type { EventHub } from "./event-hub";
import { newId } from "./ids";
import type { JsonObject } from "./json";
import { unlessAborted } from "./waiting";

export type PermissionReply = { readonly kind: "allowed" } | { readonly kind: "rejected"; readonly message: string | undefined };
export type QuestionReply = { readonly kind: "answered"; readonly answers: readonly (readonly string[])[] } | { readonly kind: "rejected" };

export interface PermissionAsk {
  readonly directory: string;
  readonly sessionId: string;
  readonly permission: string;
  readonly pattern: string;
  readonly always: string;
  readonly metadata: JsonObject;
  readonly tool: JsonObject;
}

/**
 * Open permissions and questions of all directories. One whose session was aborted stays listed, and a late reply to it is
 * accepted (seen).
 */
export interface Asks {
  permission(ask: PermissionAsk, signal: AbortSignal): Promise<PermissionReply>;
  question(
    ask: { readonly directory: string; readonly sessionId: string; readonly questions: readonly JsonObject[]; readonly tool: JsonObject },
    signal: AbortSignal,
  ): Promise<QuestionReply>;
  permissions(directory: string): readonly JsonObject[];
  questions(directory: string): readonly JsonObject[];
  /** False when no such permission is open. */
  replyPermission(id: string, reply: "once" | "always" | "reject", message: string | undefined): boolean;
  replyQuestion(id: string, reply: QuestionReply): boolean;
}

interface Open<Reply> {
  readonly directory: string;
  readonly sessionId: string;
  readonly request: JsonObject;
  readonly always: string;
  readonly settle: (reply: Reply) => void;
}

export function createAsks(hub: EventHub): Asks {
  const permissions = new Map<string, Open<PermissionReply>>();
  const questions = new Map<string, Open<QuestionReply>>();
  const granted = new Set<string>();
  const listed = <Reply>(open: ReadonlyMap<string, Open<Reply>>, directory: string): readonly JsonObject[] =>
    [...open.values()].filter((entry) => entry.directory === directory).map(({ request }) => request);

  return {
    async permission(ask, signal) {
      const { directory, sessionId } = ask;
      if (granted.has(grantKey(directory, ask.always))) return { kind: "allowed" };
      const id = newId("per");
      const { permission, metadata, tool } = ask;
      const request = { id, sessionID: sessionId, permission, patterns: [ask.pattern], metadata, always: [ask.always], tool };
      const replied = new Promise<PermissionReply>((settle) => {
        permissions.set(id, { directory, sessionId, request, always: ask.always, settle });
      });
      hub.publish({ directory, type: "permission.asked", properties: request });
      return unlessAborted(signal, replied);
    },
    async question({ directory, sessionId, questions: asked, tool }, signal) {
      const id = newId("que");
      const request = { id, sessionID: sessionId, questions: asked, tool };
      const replied = new Promise<QuestionReply>((settle) => {
        questions.set(id, { directory, sessionId, request, always: "", settle });
      });
      hub.publish({ directory, type: "question.asked", properties: request });
      return unlessAborted(signal, replied);
    },
    permissions: (directory) => listed(permissions, directory),
    questions: (directory) => listed(questions, directory),
    replyPermission(id, reply, message) {
      const open = permissions.get(id);
      if (open === undefined) return false;
      permissions.delete(id);
      if (reply === "always") granted.add(grantKey(open.directory, open.always));
      const properties = { sessionID: open.sessionId, requestID: id, reply };
      hub.publish({ directory: open.directory, type: "permission.replied", properties });
      open.settle(reply === "reject" ? { kind: "rejected", message } : { kind: "allowed" });
      return true;
    },
    replyQuestion(id, reply) {
      const open = questions.get(id);
      if (open === undefined) return false;
      questions.delete(id);
      const base = { sessionID: open.sessionId, requestID: id };
      if (reply.kind === "rejected") hub.publish({ directory: open.directory, type: "question.rejected", properties: base });
      else hub.publish({ directory: open.directory, type: "question.replied", properties: { ...base, answers: reply.answers } });
      open.settle(reply);
      return true;
    },
  };
}

function grantKey(directory: string, always: string): string {
  return `${directory}\n${always}`;
}
