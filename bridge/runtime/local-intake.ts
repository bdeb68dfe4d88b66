import { OctoError } from "../octo-error";
import type { IntakeSink, TaskIntake } from "../ports/intake";

/** The default: clients hand tasks in, the store of this bridge keeps them, nobody else asks for them. */
export function createLocalIntake(): TaskIntake {
  let sink: IntakeSink | undefined;
  return {
    start: (given) => {
      sink = given;
    },
    submit: (offer) => sink?.accept(offer) ?? Promise.reject(new OctoError("BRIDGE_STOPPING", "the bridge takes no tasks now")),
    room: () => undefined,
    ended: () => undefined,
    stop: () => {
      sink = undefined;
    },
  };
}
