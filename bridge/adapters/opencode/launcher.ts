import { OctoError } from "../../octo-error";
import type { Endpoint, LaunchedServer, Launcher, LaunchRequest } from "../../ports/opencode";
import type { Processes, ProcessIdentity } from "../../ports/processes";
import { findServer } from "./launcher-adopt";
import { findMarked, instanceMark, serverEnvironment } from "./launcher-environment";
import { explainExit } from "./launcher-exit";
import { instanceFolder, makeInstanceFolder } from "./launcher-folder";
import { endLeftovers, ProcessSet } from "./launcher-leftovers";
import { locksFolder, removeDeadLocks } from "./launcher-locks";
import { createLogLimiter, lastLines, rotateLogs } from "./launcher-logs";
import { createPortChooser, isPortFree } from "./launcher-port";
import { waitHealthy } from "./launcher-ready";
import { findToolsOf, stopServer } from "./launcher-stop";
import { checkVersion, supportedVersions, type VersionRange } from "./launcher-version";
import { createExitWatch } from "./launcher-watch";

export interface LauncherOptions {
  readonly processes: Processes;
  /** Program and first arguments of OpenCode, asked at each launch; `findOpenCode` gives one. OPENCODE_MISSING. */
  readonly command: () => Promise<readonly [string, ...string[]]>;
  /** The user's environment, asked at each launch. */
  readonly environment: () => Promise<Readonly<Record<string, string>>>;
  /** Holds one folder an instance: its logs, its database, its working directory. */
  readonly instancesFolder: string;
  /** `own` (default): a database an instance; servers that share one lock each other out. `user`: the user's own. */
  readonly database?: "own" | "user";
  readonly versionRange?: VersionRange;
}

/** A broken configuration is named first and has a line for each error after that. */
const exitLinesMax = 200;

/** Starts, finds and ends OpenCode servers on this machine, listening on 127.0.0.1 only. They live on when the bridge dies. */
export function createLauncher(options: LauncherOptions): Launcher {
  const { processes } = options;
  const folderOf = (request: Pick<LaunchRequest, "instanceId">) => instanceFolder(options.instancesFolder, request.instanceId);
  const markOf = (request: LaunchRequest) => instanceMark(folderOf(request).root, request.incarnation);
  // An extra: where it fails, a first prompt is slow.
  const removeLocks = async () => removeDeadLocks(locksFolder(await options.environment()), processes).catch(() => 0);
  const findLeftovers = async (request: LaunchRequest | undefined, identity: ProcessIdentity | undefined) => [
    ...(request ? await findMarked(processes, markOf(request)) : []),
    ...(identity ? await findToolsOf(processes, identity) : []),
  ];
  const lastStderr: Launcher["lastStderr"] = (instanceId, linesMax) => lastLines(folderOf({ instanceId }).stderrFile, linesMax);
  /** Which instance a server is, for what the port's `LaunchedServer` does not carry: its mark and its logs. */
  const requests = new WeakMap<Endpoint, LaunchRequest>();
  const limitLogs = createLogLimiter();
  const exitWatch = createExitWatch(processes);

  const track = (request: LaunchRequest, started: Pick<LaunchedServer, "identity" | "exited">): LaunchedServer => {
    const endpoint = { url: `http://127.0.0.1:${request.port}`, password: request.password };
    requests.set(endpoint, request);
    limitLogs(folderOf(request), started.exited);
    return { identity: started.identity, endpoint, exited: started.exited };
  };

  return {
    choosePort: createPortChooser(),
    lastStderr,

    async launch(request) {
      const [command, environment] = await Promise.all([options.command(), options.environment()]);
      const folder = folderOf(request);
      if (!(await isPortFree(request.port))) throw new OctoError("PORT_TAKEN", `Port ${request.port} of 127.0.0.1 is taken.`);
      await makeInstanceFolder(folder);
      await rotateLogs(folder);
      await removeLocks();
      const started = await processes.spawn({
        command: [...command, "serve", "--hostname", "127.0.0.1", "--port", String(request.port)],
        cwd: folder.workingDirectory,
        environment: serverEnvironment(environment, {
          password: request.password,
          mark: markOf(request),
          database: options.database === "user" ? undefined : folder.database,
        }),
        stdoutFile: folder.stdoutFile,
        stderrFile: folder.stderrFile,
      });
      return track(request, started);
    },

    async waitReady(server, { deadlineMs, signal }) {
      const request = requests.get(server.endpoint);
      const port = Number(new URL(server.endpoint.url).port);
      const { version } = await waitHealthy(server, {
        deadlineMs,
        signal,
        explainExit: async (exit) => explainExit(exit, request ? await lastStderr(request.instanceId, exitLinesMax) : "", port),
      });
      checkVersion(version, options.versionRange ?? supportedVersions);
      return { version };
    },

    async adopt(request, identity) {
      const found = await findServer(processes, markOf(request), identity);
      return found && track(request, { identity: found, exited: exitWatch.exited(found) });
    },

    async stop(server, { graceMs }) {
      const request = requests.get(server.endpoint);
      await stopServer(processes, server, { graceMs, findLeftovers: () => findLeftovers(request, server.identity) });
      await removeLocks();
    },

    async sweep(request, identity) {
      // Without the marks there is still the group: an MCP server may get an environment of its own.
      if (identity) await processes.signalGroup(identity, "SIGKILL");
      await endLeftovers(processes, new ProcessSet(), () => findLeftovers(request, identity));
      await removeLocks();
    },
  };
}
