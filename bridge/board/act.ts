import type { InstanceId, TaskId } from "../../shared/ids";
import type { Methods } from "../../shared/protocol";
import type { ItemRef } from "./items";
import type { DetailPage } from "./state";

const boardMethods = [
  "answer_ask",
  "cancel_task",
  "retry_task",
  "merge_task",
  "drop_task",
  "reply_task",
  "distribute_task",
  "drain_instance",
  "restart_instance",
  "stop_instance",
] as const;
export type BoardMethod = (typeof boardMethods)[number];

/** A command to the bridge. */
export type BoardCall<Name extends BoardMethod = BoardMethod> = {
  readonly [Each in Name]: { readonly method: Each; readonly params: Methods[Each]["params"] };
}[Name];

/** What a key asks for beyond the board itself. */
export type Act =
  | { readonly kind: "quit" | "suspend" | "redraw" }
  /** `done`: what the person is told when it worked. */
  | { readonly kind: "call"; readonly call: BoardCall; readonly done: string }
  | { readonly kind: "load"; readonly item: ItemRef; readonly page: DetailPage }
  | { readonly kind: "attach"; readonly target: InstanceId | TaskId }
  /** In the person's editor. */
  | { readonly kind: "open"; readonly taskId: TaskId };
