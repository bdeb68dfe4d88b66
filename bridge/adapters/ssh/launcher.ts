import { randomInt } from "node:crypto";
import { OctoError } from "../../octo-error";
import type { Endpoint, LaunchedServer, Launcher, LaunchRequest } from "../../ports/opencode";
import type { ExitInfo, ProcessIdentity } from "../../ports/processes";
import { answerWords } from "./answer";
import type { RemoteHost } from "./remote-host";
import { callOf, quote } from "./remote-program";

/** What is to be known of OpenCode; adapters do not import one another, so the composition root hands it in. */
export interface ServerProtocol {
  /** See launcher-ready.ts: waits until the server behind the endpoint answers with our password only. */
  waitHealthy(
    server: LaunchedServer,
    options: { readonly deadlineMs: number; readonly signal: AbortSignal; readonly explainExit: (exit: ExitInfo) => Promise<OctoError> },
  ): Promise<{ readonly version: string }>;
  /** OPENCODE_TOO_OLD, OPENCODE_TOO_NEW, OPENCODE_ANSWER_INVALID. */
  checkVersion(version: string): void;
  explainExit(exit: ExitInfo, stderr: string, port: number): Promise<OctoError>;
  dispose(endpoint: Endpoint, deadlineMs: number): Promise<boolean>;
  /** The last lines of a log, inert and without the user's configuration. */
  lastLines(tail: { readonly text: string; readonly isCut: boolean }, linesMax: number): string;
}

export interface RemoteLauncherOptions {
  readonly host: RemoteHost;
  readonly protocol: ServerProtocol;
  /** Added to the environment of the user's login shell on the host. */
  readonly environment: () => Promise<Readonly<Record<string, string>>>;
  readonly database?: "own" | "user" | undefined;
}

/** The keeper waits up to 10 s for a login shell that hangs, and a lock for 15 s. */
const launchDeadlineMs = 40_000;
const shortDeadlineMs = 20_000;
/** Beside the grace: TERM and KILL of what is left takes 12 s at most. */
const sweepDeadlineMs = 40_000;
const exitLinesMax = 8;
const tailBytesMax = 64 * 1024;
const portsMin = 17_000;
const portsMax = 32_000;
const portsAsked = 40;

/** Starts, finds and ends OpenCode servers on a host. They live on when the link is lost and when the bridge dies. */
export function createRemoteLauncher({ host, protocol, environment, database }: RemoteLauncherOptions): Launcher {
  const requests = new WeakMap<Endpoint, LaunchRequest>();

  const track = async (request: LaunchRequest, words: readonly string[]): Promise<LaunchedServer> => {
    const [pid, bootId = "", port, ...start] = words;
    const identity: ProcessIdentity = { pid: Number(pid), bootId, startTime: start.join(" ") };
    const exited = host.pulse.exited(request.instanceId, request.incarnation, identity);
    const endpoint = { url: `http://127.0.0.1:${await host.link.forwards.add(Number(port))}`, password: request.password };
    requests.set(endpoint, request);
    return { identity, endpoint, exited };
  };
  const lastStderr: Launcher["lastStderr"] = async (instanceId, linesMax) => {
    const [cut, ...lines] = await host.call(callOf("octo_stderr", checked(instanceId), tailBytesMax), shortDeadlineMs);
    return protocol.lastLines({ text: lines.join("\n"), isCut: cut === "cut" }, linesMax);
  };
  const explainExit = async (request: LaunchRequest | undefined, exit: ExitInfo): Promise<OctoError> => {
    const stderr = request === undefined ? "" : await lastStderr(request.instanceId, exitLinesMax).catch(() => "");
    if (/ServeError|EADDRINUSE/.test(stderr)) return new OctoError("PORT_TAKEN", `Port ${request?.port} of ${host.name} is taken.`);
    return protocol.explainExit(exit, stderr, request?.port ?? 0);
  };
  const sweep = async (request: LaunchRequest, graceMs: number): Promise<void> => {
    const graceS = Math.ceil(graceMs / 1_000);
    await host.call(callOf("octo_stop", checked(request.instanceId), request.incarnation, graceS), graceMs + sweepDeadlineMs);
    await host.pulse.beat();
  };

  return {
    lastStderr,

    async choosePort(taken, preferred) {
      const random = Array.from({ length: portsAsked }, () => randomInt(portsMin, portsMax));
      const ports = [...(preferred === 0 ? [] : [preferred]), ...random].filter((port) => !taken.includes(port));
      const lines = await host.call(callOf("octo_choose_port", ...ports), shortDeadlineMs);
      return Number(answerWords(lines, "port", host.name)[0]);
    },

    async launch(request) {
      const secrets = secretLines(request, {
        command: host.definition.command,
        environment: await environment(),
        database: database ?? "own",
      });
      const call = callOf("octo_launch", checked(request.instanceId), request.incarnation, request.port, host.fenceS);
      const lines = await host.call(`octo_secrets=${quote(secrets)}\n${call}`, launchDeadlineMs);
      return track(request, answerWords(lines, "server", host.name));
    },

    async waitReady(server, { deadlineMs, signal }) {
      const request = requests.get(server.endpoint);
      try {
        const { version } = await protocol.waitHealthy(server, { deadlineMs, signal, explainExit: (exit) => explainExit(request, exit) });
        protocol.checkVersion(version);
        if (request) await host.call(callOf("octo_version", request.instanceId, request.incarnation, version), shortDeadlineMs);
        return { version };
      } catch (thrown) {
        if (!host.link.forwardRefused()) throw thrown;
        throw new OctoError("HOST_FORWARD_REFUSED", `${host.name} lets nobody through to ${server.endpoint.url}`, { cause: thrown });
      }
    },

    async adopt(request) {
      const lines = await host.call(callOf("octo_adopt", checked(request.instanceId), request.incarnation), shortDeadlineMs);
      return lines.includes("none") ? undefined : track(request, answerWords(lines, "server", host.name));
    },

    async stop(server, { graceMs }) {
      const request = requests.get(server.endpoint);
      if (request === undefined) throw new OctoError("INTERNAL", "a server that this launcher did not give");
      const startedAtMs = performance.now();
      // By the tunnel, so that the host needs no curl; on a dead server it fails at once.
      await Promise.race([protocol.dispose(server.endpoint, graceMs / 2), server.exited]);
      await sweep(request, Math.max(0, graceMs - (performance.now() - startedAtMs)));
      await host.link.forwards.remove(request.port);
    },

    sweep: (request) => sweep(request, 0),
  };
}

interface Secrets {
  readonly command: readonly string[] | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly database: "own" | "user";
}

/** Says where programs and files are: the keeper looks there too. */
const keptByKeeper = /^(?:PATH|HOME|TMPDIR|LANG|LC_[A-Z]+|XDG_[A-Z_]+)$/;

/** Lines of sh for the keeper; they go over stdin and a pipe only. */
function secretLines({ password }: LaunchRequest, { command, environment, database }: Secrets): string {
  const exports = Object.entries(environment).map(([name, value]) => `export ${variableName(name)}=${quote(value)}`);
  const forgotten = Object.keys(environment).flatMap((name) => (keptByKeeper.test(name) ? [] : [`unset ${variableName(name)}`]));
  return [
    `octo_password=${quote(password)}`,
    `octo_command=${quote((command ?? []).map(quote).join(" "))}`,
    `octo_database=${database === "own" ? "own" : ""}`,
    `octo_environment() {\n:\n${exports.join("\n")}\n}`,
    `octo_forget_environment() {\n:\n${forgotten.join("\n")}\n}`,
  ].join("\n");
}

function variableName(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new OctoError("INTERNAL", `no name of a variable: ${name}`);
  return name;
}

/** It becomes the name of a folder there. */
function checked(instanceId: string): string {
  if (!/^[\w-]+$/.test(instanceId)) throw new OctoError("INTERNAL", `"${instanceId}" is no instance id.`);
  return instanceId;
}
