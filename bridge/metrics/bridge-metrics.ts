import type { reduce } from "../core/reduce";
import type { CoreState } from "../core/state";
import type { CommittedTurn } from "../runtime/engine";
import { instanceStateName } from "../runtime/views";
import { quickBuckets } from "./buckets";
import { instanceMetrics } from "./instance-metrics";
import { processMetrics } from "./process-metrics";
import { Registry } from "./registry";
import { stateMetrics } from "./state-metrics";
import { taskMetrics } from "./task-metrics";

/** What the bridge counts and times of itself. */
export interface BridgeMetrics {
  /** For the runtime: the same core, counted and timed, and who watches turns and commits. */
  watching(inner: typeof reduce): {
    readonly reduce: typeof reduce;
    readonly watchTurn: (turn: CommittedTurn) => void;
    readonly watchCommit: (tookMs: number) => void;
  };
  readonly api: ApiMetrics;
  stop(): void;
}

/** What the socket counts. */
export interface ApiMetrics {
  /** A request that was answered: by its method or route, with `ok` or an error's code. */
  answered(method: string, result: string, tookMs: number): void;
  /** Waits are no latency: only counted. */
  waited(route: string): void;
  /** A client that was refused or cut off. */
  refused(reason: "rate" | "connections" | "slow"): void;
  /** Open connections now. */
  connections(read: () => number): void;
  /** All metrics of the bridge, in the text format of Prometheus. */
  text(): string;
}

/** `openFilesMax`: of the process; undefined where it is not known. */
export function createBridgeMetrics(version: string, openFilesMax: number | undefined): BridgeMetrics {
  const registry = new Registry();
  let latest: CoreState | undefined;
  registry.reading("gauge", "octo_info", "The version of the bridge.", ["version"], () => [{ labels: [version], value: 1 }]);
  stateMetrics(registry, () => latest, instanceStateName);
  const countTasks = taskMetrics(registry);
  const countInstances = instanceMetrics(registry);
  const events = registry.counter("octo_events_total", "Events that the core has reduced, by kind.", ["kind"]);
  const claims = registry.histogram("octo_claim_seconds", "Time of an event that gave a task its place.", quickBuckets);
  const commits = registry.histogram("octo_commit_seconds", "Time of a commit, on the disk when it ends.", quickBuckets);
  const api = apiMetrics(registry);
  const stop = processMetrics(registry, openFilesMax);
  return {
    watching: (inner) => ({
      reduce(state, event, now) {
        const startedAtMs = performance.now();
        const transition = inner(state, event, now);
        events.add(1, event.kind);
        if (transition.effects.some(({ kind }) => kind === "prepare-workspace")) claims.observe((performance.now() - startedAtMs) / 1_000);
        return transition;
      },
      watchCommit: (tookMs) => commits.observe(tookMs / 1_000),
      watchTurn(turn) {
        latest = turn.state;
        countTasks(turn);
        countInstances(turn);
      },
    }),
    api,
    stop,
  };
}

function apiMetrics(registry: Registry): ApiMetrics {
  const requests = registry.counter("octo_api_requests_total", "Requests of clients, by method or route and result.", ["method", "result"]);
  const times = registry.histogram(
    "octo_api_request_seconds",
    "Time from a request to its answer, by method; waits left out.",
    quickBuckets,
    ["method"],
  );
  const refused = registry.counter("octo_api_refused_total", "Clients that were refused or cut off, by reason.", ["reason"]);
  let connections = (): number => 0;
  registry.reading("gauge", "octo_api_connections", "Open connections of clients.", [], () => [{ value: connections() }]);
  return {
    answered(method, result, tookMs) {
      requests.add(1, method, result);
      times.observe(tookMs / 1_000, method);
    },
    waited: (route) => requests.add(1, route, "ok"),
    refused: (reason) => refused.add(1, reason),
    connections(read) {
      connections = read;
    },
    text: () => registry.text(),
  };
}
