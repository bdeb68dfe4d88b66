import { OctoError } from "../../octo-error";
import type { BridgeCalls } from "../service";

type ResultCalls = Pick<BridgeCalls, "merge_task" | "drop_task" | "open_task" | "gc">;

export function resultCalls(): ResultCalls {
  const notYet = async (): Promise<never> => {
    throw new OctoError("METHOD_NOT_YET", "this bridge does not do that yet");
  };
  return { merge_task: notYet, drop_task: notYet, open_task: notYet, gc: notYet };
}
