import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { explainExit } from "../../../bridge/adapters/opencode/launcher-exit";
import { askDispose } from "../../../bridge/adapters/opencode/launcher-http";
import { lastLinesOf } from "../../../bridge/adapters/opencode/launcher-logs";
import { waitHealthy } from "../../../bridge/adapters/opencode/launcher-ready";
import { checkVersion, supportedVersions } from "../../../bridge/adapters/opencode/launcher-version";
import { createProcesses } from "../../../bridge/adapters/process/create-processes";
import type { ServerProtocol } from "../../../bridge/adapters/ssh/launcher";
import { openRemoteHost, type RemoteHost } from "../../../bridge/adapters/ssh/remote-host";
import type { SshProgram } from "../../../bridge/adapters/ssh/ssh-arguments";
import type { HostDefinition, HostHandlers } from "../../../bridge/ports/hosts";
import type { ProcessIdentity } from "../../../bridge/ports/processes";
import type { HostId } from "../../../shared/ids";
import type { SshHost } from "../../helpers/sshd";

export const protocol: ServerProtocol = {
  waitHealthy,
  checkVersion: (version) => checkVersion(version, supportedVersions),
  explainExit,
  dispose: askDispose,
  lastLines: lastLinesOf,
};

export function definitionOf(given: Partial<HostDefinition> = {}): HostDefinition {
  return { id: "alpha" as HostId, address: "alpha", paths: {}, domain: "none", fenceMs: 0, ...given };
}

/** The ssh of a person whose configuration is the host's. */
export function sshOf(host: Pick<SshHost, "folder" | "configFile">, command?: string): SshProgram {
  const environment = { PATH: process.env.PATH, HOME: userInfo().homedir, OCTO_TEST_SSH: host.folder };
  return { command, configFile: host.configFile, environment: () => environment };
}

/** A bridge's side of the host `alpha`; closed with `await using`. */
export function openHost(
  host: Pick<SshHost, "folder" | "configFile">,
  given: Partial<HostDefinition> = {},
  handlers: Partial<HostHandlers> = {},
  command?: string,
): RemoteHost & AsyncDisposable {
  const remote = openRemoteHost(
    definitionOf(given),
    {
      ssh: sshOf(host, command),
      runtimeFolder: join(host.folder, "run"),
      owner: "test",
      pulseIntervalMs: 200,
    },
    { link: () => undefined, figures: () => undefined, ...handlers },
  );
  return { ...remote, [Symbol.asyncDispose]: () => remote.close() };
}

/** The ssh masters that lead to the host: by their control sockets, which are in its folder. */
export async function masterOf(host: Pick<SshHost, "folder">): Promise<readonly ProcessIdentity[]> {
  const processes = createProcesses(process.platform);
  return (await processes.findByEnvironment("OCTO_TEST_SSH", host.folder)).filter(({ pid }) => isMaster(pid));
}

function isMaster(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes("-M");
  } catch {
    return false;
  }
}
