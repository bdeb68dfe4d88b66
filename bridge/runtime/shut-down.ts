import type { Instance } from "../core/instance";
import { OctoError } from "../octo-error";
import type { ServiceParts } from "./service-parts";

const stopTimeoutMs = 90_000;

function isDown({ state: { kind } }: Instance): boolean {
  return kind === "stopped" || kind === "failed";
}

/** Stops every instance, orderly, until the next bridge starts them again; settles when nothing is left of them. Tasks stay queued. INSTANCE_UNRESPONSIVE after 90 s. */
export async function stopAllInstances({ engine, publisher, clock }: ServiceParts): Promise<number> {
  const running = [...engine.state.instances.values()].filter((instance) => !isDown(instance));
  await engine.command({
    events: running.map(({ id: instanceId }) => ({ kind: "instance-stop-requested", instanceId, next: "rest", drain: false })),
  });
  const deadline = new AbortController();
  const cancel = clock.after(stopTimeoutMs, () => deadline.abort());
  while ([...engine.state.instances.values()].some((instance) => !isDown(instance))) {
    if (deadline.signal.aborted) throw new OctoError("INSTANCE_UNRESPONSIVE", `instances still stopping after ${stopTimeoutMs / 1000} s`);
    await nextChange(publisher, deadline.signal);
  }
  cancel();
  return running.length;
}

function nextChange(publisher: ServiceParts["publisher"], signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const stopWaiting = publisher.onRevisionAfter(publisher.revision, done);
    signal.addEventListener("abort", done, { once: true });
    function done(): void {
      stopWaiting();
      signal.removeEventListener("abort", done);
      resolve();
    }
  });
}
