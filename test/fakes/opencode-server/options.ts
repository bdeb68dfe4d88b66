import { existsSync, readFileSync } from "node:fs";
import { type Fault, faultsOf } from "./faults";
import { isObject, type JsonObject, numberOf, objectOf, parseObject, textOf, textsOf } from "./json";

/** How one fake server behaves; every field has a default. */
export interface FakeOptions {
  readonly version: string;
  /** Empty: no authorisation is asked for. */
  readonly password: string;
  /** Where sessions are kept, one JSON a line; undefined keeps them in memory only. */
  readonly dataFile: string | undefined;
  /** The directory of requests that name none. */
  readonly directory: string;
  /** `provider/model` of what the configuration offers; the first is the default. */
  readonly models: readonly string[];
  readonly agents: readonly string[];
  readonly heartbeatMs: number;
  /** Pause between two moves of a turn. */
  readonly stepMs: number;
  /** From the idle of an error or abort until the message holds it (70 to 240 ms seen). */
  readonly settleMs: number;
  /** First delay of a retry, doubled each time (2,000 in the real one). */
  readonly retryMs: number;
  /** A JSON line `{task, sessionId, messageId, pid, atEpochMs}` is appended for each turn begun, by all servers that name the file. */
  readonly turnLog: string | undefined;
  readonly faults: readonly Fault[];
  /** Ends at once with this code instead of listening. */
  readonly failStart: { readonly code: number; readonly stderr: string } | undefined;
  readonly listenDelayMs: number;
  /** Events of kinds that octo does not know come this often; 0: none. */
  readonly strangeEveryMs: number;
}

export const defaultOptions: FakeOptions = {
  version: "1.18.33",
  password: "",
  dataFile: undefined,
  directory: process.cwd(),
  models: ["standin/model"],
  agents: ["build", "plan"],
  heartbeatMs: 10_000,
  stepMs: 2,
  settleMs: 30,
  retryMs: 100,
  turnLog: undefined,
  faults: [],
  failStart: undefined,
  listenDelayMs: 0,
  strangeEveryMs: 0,
};

/**
 * The options of the executable. `FAKE_OPENCODE_OPTIONS` holds them as JSON; `FAKE_OPENCODE_OPTIONS_FILE` names a file that
 * is read at each start and wins, so that a test can change them between two starts of one instance.
 */
export function optionsFromEnvironment(environment: NodeJS.ProcessEnv): FakeOptions {
  const file = environment.FAKE_OPENCODE_OPTIONS_FILE;
  const fromFile = file !== undefined && existsSync(file) ? parseObject(readFileSync(file, "utf8")) : undefined;
  const given: JsonObject = { ...parseObject(environment.FAKE_OPENCODE_OPTIONS ?? "{}"), ...fromFile };
  const database = environment.OPENCODE_DB;
  return {
    ...defaultOptions,
    version: textOf(given, "version") ?? defaultOptions.version,
    password: environment.OPENCODE_SERVER_PASSWORD ?? "",
    dataFile: database === undefined || database === "" || database === ":memory:" ? undefined : database,
    models: given.models === undefined ? defaultOptions.models : textsOf(given, "models"),
    agents: given.agents === undefined ? defaultOptions.agents : textsOf(given, "agents"),
    heartbeatMs: numberOf(given, "heartbeatMs") ?? defaultOptions.heartbeatMs,
    stepMs: numberOf(given, "stepMs") ?? defaultOptions.stepMs,
    settleMs: numberOf(given, "settleMs") ?? defaultOptions.settleMs,
    retryMs: numberOf(given, "retryMs") ?? defaultOptions.retryMs,
    turnLog: textOf(given, "turnLog") ?? environment.FAKE_OPENCODE_TURN_LOG,
    faults: faultsOf(Array.isArray(given.faults) ? given.faults.filter(isObject) : []),
    failStart: startFailure(objectOf(given, "failStart")),
    listenDelayMs: numberOf(given, "listenDelayMs") ?? 0,
    strangeEveryMs: numberOf(given, "strangeEveryMs") ?? 0,
  };
}

function startFailure(given: JsonObject | undefined): FakeOptions["failStart"] {
  if (given === undefined) return undefined;
  return { code: numberOf(given, "code") ?? 1, stderr: textOf(given, "stderr") ?? "" };
}
