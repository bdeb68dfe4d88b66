import type { InstanceId, TaskId } from "../../shared/ids";
import { OctoError } from "../octo-error";
import type { Client } from "./client";
import { findInstances, findTask } from "./find";

export type Subject = { readonly kind: "task"; readonly id: TaskId } | { readonly kind: "instance"; readonly id: InstanceId };

/** What a person names that may be either. TASK_UNKNOWN when it is neither, INSTANCE_UNKNOWN when it was an instance's id. */
export async function findSubject(client: Client, given: string): Promise<Subject> {
  try {
    return { kind: "task", id: (await findTask(client, given)).id };
  } catch (thrown) {
    if (!(thrown instanceof OctoError) || thrown.code !== "TASK_UNKNOWN") throw thrown;
    const [instance] = await findInstances(client, [given]).catch((failure: unknown) => {
      const isUnknown = failure instanceof OctoError && failure.code === "INSTANCE_UNKNOWN" && !given.startsWith("ins_");
      throw isUnknown ? new OctoError("TASK_UNKNOWN", `there is no task and no instance ${JSON.stringify(given)}`) : failure;
    });
    if (!instance) throw thrown;
    return { kind: "instance", id: instance.id };
  }
}
