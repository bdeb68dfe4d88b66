import type { Fault } from "../fakes/opencode-server/faults";
import { isObject, numberOf, parseObject } from "../fakes/opencode-server/json";

/** Steers a fake OpenCode server that runs as a process, by its control routes. */
export interface FakeControl {
  fault(fault: Fault): Promise<void>;
  openGate(name: string): Promise<void>;
  waitingAt(name: string): Promise<number>;
  turns(): Promise<ReadonlyMap<string, number>>;
  streams(): Promise<number>;
  /** Frames that went out on event streams so far. */
  sent(): Promise<number>;
}

const deadlineMs = 5_000;

export function controlFake(endpoint: { readonly url: string; readonly password: string }): FakeControl {
  const authorization = `Basic ${Buffer.from(`opencode:${endpoint.password}`).toString("base64")}`;
  const call = async (path: string, body?: object): Promise<string> => {
    const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const response = await fetch(`${endpoint.url}/__fake/${path}`, {
      ...init,
      headers: { authorization },
      signal: AbortSignal.timeout(deadlineMs),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response.text();
  };
  return {
    async fault(fault) {
      // The process may end before it answers.
      await call("fault", fault).catch((thrown: unknown) => {
        if (fault.kind !== "exit") throw thrown;
      });
    },
    async openGate(name) {
      await call("gate", { name });
    },
    waitingAt: async (name) => numberOf(parseObject(await call(`gate?name=${encodeURIComponent(name)}`)), "waiting") ?? 0,
    async turns() {
      const counts: unknown = JSON.parse(await call("turns"));
      const entries = isObject(counts) ? Object.entries(counts) : [];
      return new Map(entries.map(([mark, count]) => [mark, Number(count)] as const));
    },
    sent: async () => numberOf(parseObject(await call("streams")), "sent") ?? 0,
    streams: async () => numberOf(parseObject(await call("streams")), "streams") ?? 0,
  };
}
