import type { HostId } from "../../../shared/ids";
import { attemptsOf } from "../../core/host-machine";
import type { CoreState } from "../../core/state";
import { OctoError } from "../../octo-error";

/** Its tasks would be lost, or run twice. HOST_IN_USE. */
export function refuseInUse(state: Pick<CoreState, "tasks" | "instances">, host: HostId): void {
  const found = attemptsOf(state, host);
  if (found.length > 0) throw new OctoError("HOST_IN_USE", `${host} works on ${found.map(({ id }) => id).join(", ")}`);
}
