import type { Host, Hosts } from "../../ports/hosts";
import type { Workspaces } from "../../ports/workspaces";
import { attachThere } from "./attach";
import { checkHost } from "./check";
import { createHomeGit, type HomeGitOptions } from "./home-git";
import { createRemoteLauncher, type ServerProtocol } from "./launcher";
import { openRemoteHost, type RemoteOptions } from "./remote-host";
import { callOf } from "./remote-program";
import { createRemoteWorkspaces } from "./workspaces";

export interface HostsConfig extends RemoteOptions {
  readonly protocol: ServerProtocol;
  /** Added to the environment of servers on hosts. */
  readonly environment: () => Promise<Readonly<Record<string, string>>>;
  readonly database: "own" | "user";
  readonly home: Pick<Workspaces, "inspect" | "captureChanges" | "diff" | "release">;
  readonly git: HomeGitOptions;
}

const aliveDeadlineMs = 10_000;

/** Hosts by the user's own OpenSSH. */
export function createHosts(config: HostsConfig): Hosts {
  const git = createHomeGit(config.git);
  return {
    open(definition, handlers): Host {
      const host = openRemoteHost(definition, config, handlers);
      return {
        id: definition.id,
        link: host.link.state,
        figures: host.pulse.figures,
        launcher: createRemoteLauncher({ host, protocol: config.protocol, environment: config.environment, database: config.database }),
        workspaces: createRemoteWorkspaces({ host, home: config.home, git }),
        usage: host.pulse.usage,
        async isAlive(instanceId, { pid, startTime, bootId }) {
          const lines = await host.call(callOf("octo_is_alive", instanceId, pid, bootId, startTime), aliveDeadlineMs);
          return lines.includes("alive");
        },
        attachThere: (request) => attachThere(host, request),
        check: ({ modelsAtHome }) => checkHost({ host, ssh: config.ssh, owner: config.owner, protocol: config.protocol, modelsAtHome }),
        retry: host.link.retry,
        close: host.close,
      };
    },
  };
}
