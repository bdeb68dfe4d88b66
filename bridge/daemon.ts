import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { limits } from "../shared/protocol";
import { createGitAdapter } from "./adapters/git/create-workspaces";
import { createLauncher } from "./adapters/opencode/launcher";
import { findOpenCode } from "./adapters/opencode/launcher-binary";
import { endLeftovers, ProcessSet } from "./adapters/opencode/launcher-leftovers";
import { createOpenCode } from "./adapters/opencode/opencode";
import { createProcesses } from "./adapters/process/create-processes";
import type { Environment } from "./adapters/process/login-environment";
import { readOpenFilesMax } from "./adapters/process/open-files";
import { openStore } from "./adapters/storage/open-store";
import { startApi } from "./api/api";
import { type Config, policyOf } from "./config/config";
import { readConfig } from "./config/read-config";
import { type OpenFilesShare, shareOpenFiles } from "./core/open-files";
import { reduce } from "./core/reduce";
import { type InstanceEnvironment, instanceEnvironment } from "./environment";
import { openHosts } from "./host-parts";
import type { BridgeLog } from "./log";
import { createBridgeMetrics } from "./metrics/bridge-metrics";
import { toErrorInfo } from "./octo-error";
import { paneHost, tidySpool } from "./pane-host";
import { openPasswords } from "./passwords";
import type { Place } from "./place";
import type { Processes } from "./ports/processes";
import type { Redactor } from "./redactor";
import { createRuntime } from "./runtime/create-runtime";
import { createLocalIntake } from "./runtime/local-intake";
import { systemClock } from "./runtime/system-clock";
import { withoutKeys } from "./secret-names";
import { userCommands } from "./user-commands";

export interface Daemon {
  /** Settles once a client has asked the bridge to end. */
  readonly shutDownAsked: Promise<void>;
  /** Closes in reverse order of opening; instances live on. Idempotent. */
  stop(): Promise<void>;
}

export interface DaemonOptions {
  readonly environment: Environment;
  /** Released with the rest, also when the start fails. */
  readonly place: Place;
  readonly log: BridgeLog;
  /** Learns the secrets that must not be told; the log takes them out by it. */
  readonly redactor: Redactor;
  /** A fault of octo itself: the process must end. */
  readonly crash: (thrown: unknown) => void;
}

/** Opens the bridge in its place; whoever waits at its door is told when that fails. The only file that knows every part. */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  try {
    return await open(options);
  } catch (thrown) {
    options.place.door.refuse(thrown);
    await options.place.releases.releaseAll();
    throw thrown;
  }
}

/** In the environment of every git that a bridge starts, with its folder of worktrees: the next bridge finds them by it. */
const gitMarkName = "OCTO_GIT";

/** git gets no keys; the user's own commands for a worktree get what a login shell of the user has. */
function openGit(worktreesFolder: string, environment: Environment, instances: InstanceEnvironment): ReturnType<typeof createGitAdapter> {
  const mark = { [gitMarkName]: worktreesFolder };
  return createGitAdapter({
    worktreesFolder,
    environment: { ...withoutKeys(environment), ...mark },
    commandEnvironment: async () => ({ ...(await instances.login()), ...mark }),
  });
}

async function open({ environment, place, log, redactor, crash }: DaemonOptions): Promise<Daemon> {
  const { folders, releases, bridge } = place;
  const { config, openFiles } = await configured(folders.configFile, log);
  const metrics = createBridgeMetrics(bridge.version, openFiles.filesMax);
  releases.add(() => metrics.stop());
  const store = openStore({ path: join(folders.state, "octo.db") });
  releases.add(() => store.close());

  const processes = createProcesses(process.platform);
  const instances = instanceEnvironment(config.opencode, environment, redactor);
  const bare = withoutKeys(environment);
  const passwordOf = await openPasswords(join(folders.state, "key"), redactor);
  const openCodeCommand = async () => findOpenCode({ configured: config.opencode.command, path: (await instances.get()).PATH });
  const launcher = createLauncher({
    processes,
    environment: () => instances.get(),
    command: openCodeCommand,
    instancesFolder: join(folders.state, "instances"),
    database: config.opencode.database,
  });
  const worktreesFolder = join(folders.state, "worktrees");
  const { workspaces, results } = openGit(worktreesFolder, environment, instances);
  const hosts = await openHosts({ config, folders, environment, instances, workspaces });
  await endGits(processes, worktreesFolder, log);
  await tidySpool(folders.spool);
  const { shutDown, shutDownAsked } = shutDownRequest();
  const runtime = createRuntime({
    config,
    policy: policyOf(config),
    openFiles,
    clock: systemClock,
    store,
    processes,
    launcher,
    openCode: createOpenCode(),
    workspaces,
    results,
    hosts,
    homeFolder: environment.HOME ?? "/",
    intake: createLocalIntake(),
    ...metrics.watching(reduce),
    bridge,
    log: (message, details) => log.warn(details, message),
    logEvent: ({ event, details }) => log.info(details, event),
    errorOf: (thrown) => redactor.error(toErrorInfo(thrown)),
    redact: redactor.error,
    crash,
    randomBytes,
    passwordOf,
    shutDown,
    openCodeCommand,
    commandHost: userCommands({ folders, environment, instances, processes, log }),
    panes: paneHost({ folders, environment: bare, view: config.panes.view, log, useSshAuthSock: instances.useSshAuthSock }),
  });
  releases.add(() => runtime.stop());
  const api = startApi({
    service: runtime.service,
    door: place.door,
    log: { warn: (fields, text) => log.warn(fields, text), error: (fields, text) => log.error(fields, text), redact: redactor.error },
    requestsPerSecond: config.api.requestsPerSecond,
    connectionsMax: openFiles.connectionsMax,
    metrics: metrics.api,
  });
  releases.add(() => api.stop());
  runtime.start();
  log.info({ socket: folders.socketFile, version: bridge.version, openFiles }, "the bridge is up");
  return { shutDownAsked, stop: () => releases.releaseAll() };
}

function shutDownRequest(): { readonly shutDown: () => void; readonly shutDownAsked: Promise<void> } {
  let shutDown = (): void => undefined;
  const shutDownAsked = new Promise<void>((resolve) => {
    shutDown = resolve;
  });
  return { shutDown: () => shutDown(), shutDownAsked };
}

/** The configuration, and what the limit of open files lets there be of it; said when that is less. */
async function configured(configFile: string, log: BridgeLog): Promise<{ readonly config: Config; readonly openFiles: OpenFilesShare }> {
  const filesMax = readOpenFilesMax();
  const config = await readConfig(configFile);
  log.limit(config.logs);
  const wanted = { instancesMax: config.instances.max, connectionsMax: limits.connectionsMax };
  const openFiles = shareOpenFiles(await filesMax, wanted);
  const isLess = openFiles.instancesMax < wanted.instancesMax || openFiles.connectionsMax < wanted.connectionsMax;
  if (isLess) log.warn(openFiles, "the limit of open files is too low for all that is configured");
  return { config, openFiles };
}

/** A killed bridge's git works on in a worktree that this bridge is about to use; git tidies up after SIGTERM. */
async function endGits(processes: Processes, worktreesFolder: string, log: BridgeLog): Promise<void> {
  try {
    await endLeftovers(processes, new ProcessSet(), () => processes.findByEnvironment(gitMarkName, worktreesFolder));
  } catch (thrown) {
    log.warn({ reason: toErrorInfo(thrown).message }, "a git of an earlier bridge lives on");
  }
}
