import { isObject, numberOf } from "../fakes/opencode-server/json";

export interface ProxyCounts {
  /** Requests and answers that wait for the release. */
  readonly held: number;
  /** Answers that were lost. */
  readonly lost: number;
  /** Open event streams. */
  readonly streams: number;
}

/** Steers test/fixtures/opencode-proxy.ts on this port. */
export interface ProxyControl {
  counts(): Promise<ProxyCounts>;
  /** What happens to the next POST whose path ends with `path`; see the proxy. */
  trouble(kind: "lose" | "hold-answer" | "hold-request", path: string): Promise<void>;
  release(): Promise<void>;
  cutStreams(): Promise<void>;
}

const deadlineMs = 5_000;

export function controlProxy(port: number): ProxyControl {
  const ask = async (path: string, body = "{}"): Promise<ProxyCounts> => {
    const signal = AbortSignal.timeout(deadlineMs);
    const answer: unknown = await (await fetch(`http://127.0.0.1:${port}/__proxy/${path}`, { method: "POST", body, signal })).json();
    const count = (name: string) => (isObject(answer) ? (numberOf(answer, name) ?? 0) : 0);
    return { held: count("held"), lost: count("lost"), streams: count("streams") };
  };
  return {
    counts: () => ask("counts"),
    trouble: async (kind, path) => void (await ask("trouble", JSON.stringify({ kind, path }))),
    release: async () => void (await ask("release")),
    cutStreams: async () => void (await ask("cut")),
  };
}
