import { OctoError } from "../../bridge/octo-error";
import type { Endpoint } from "../../bridge/ports/opencode";
import type { BridgeLife } from "./bridge-life";
import type { SimulatedServer } from "./simulated-server";
import type { World } from "./world";

const deadlineMs = 15_000;
/** To a server that reads; one that hangs reads later, whoever has given up by then. */
const wayLongestMs = 2_000;
const answerLongestMs = 20_000;

/** One request to one server, with everything that a network does to it; takes at most the client's deadline. */
export function request<Result>(
  { world, life, endpoint }: { readonly world: World; readonly life: BridgeLife; readonly endpoint: Endpoint },
  what: string,
  perform: (server: SimulatedServer) => Result,
): Promise<Result> {
  const { time, chance, faults } = world;
  const latencyMs = (longestMs: number): number => (chance.happens(faults.slow) ? chance.span(100, longestMs) : chance.between(1, 20));
  return new Promise((resolve, reject) => {
    if (!life.goesOn(`before ${what}`)) return;
    const fail = (why: string) => reject(new OctoError("INSTANCE_UNRESPONSIVE", `${what}: ${why}`));
    const cancel = life.clock.after(deadlineMs, () => fail("no answer in time"));
    const answer = (settle: () => void): void => {
      if (chance.happens(faults.answerLost)) return;
      time.after(latencyMs(answerLongestMs), () =>
        life.deliver(() => {
          cancel();
          settle();
          life.goesOn(`after ${what}`);
        }),
      );
    };
    const arrive = (server: SimulatedServer): void => {
      try {
        const result = perform(server);
        answer(() => resolve(result));
      } catch (thrown) {
        answer(() => reject(thrown));
      }
    };
    if (chance.happens(faults.requestLost)) return;
    // A connection leads to one process: what was sent to a start never reaches the next one, though that has the same port.
    const server = world.serverOf(endpoint);
    time.after(latencyMs(wayLongestMs), () => {
      if (server?.alive) server.reach(() => arrive(server));
      else answer(() => fail("connection refused"));
    });
    life.goesOn(`after sending ${what}`);
  });
}
