import { join } from "node:path";
import { expect } from "vitest";
import { gitEnvironment, gitSettings } from "../../../bridge/adapters/git/git-environment";
import { createHomeGit } from "../../../bridge/adapters/ssh/home-git";
import type { RemoteHost } from "../../../bridge/adapters/ssh/remote-host";
import { createRemoteWorkspaces } from "../../../bridge/adapters/ssh/workspaces";
import type { HostDefinition } from "../../../bridge/ports/hosts";
import type { Workspaces } from "../../../bridge/ports/workspaces";
import { type SshHost, sshHost } from "../../helpers/sshd";
import { createTestRepository, type TestRepository, userState } from "../git/test-repository";
import { openHost } from "./remote-world";

/** A repository at home and a real host, whose git knows no user. */
export interface WorkspaceWorld {
  readonly repository: TestRepository;
  readonly host: SshHost;
  openAs(given: Partial<HostDefinition>): RemoteHost;
  workspacesOf(host: RemoteHost): Workspaces;
  /** Fails when anything of the user's has changed. */
  close(): Promise<void>;
}

export async function createWorkspaceWorld(): Promise<WorkspaceWorld> {
  const repository = await createTestRepository();
  const before = await userState(repository);
  const host = await sshHost({ environment: { GIT_CONFIG_GLOBAL: join(repository.folder, "nobody"), GIT_CONFIG_NOSYSTEM: "1" } });
  const opened: RemoteHost[] = [];
  return {
    repository,
    host,
    openAs(given) {
      const remote = openHost(host, given);
      opened.push(remote);
      return remote;
    },
    workspacesOf(of) {
      const git = createHomeGit({ environment: gitEnvironment(repository.environment), settings: gitSettings });
      return createRemoteWorkspaces({ host: of, home: repository.workspaces, git });
    },
    async close() {
      const after = await userState(repository);
      for (const each of opened) await each.close();
      await host[Symbol.asyncDispose]();
      await repository.remove();
      expect(after).toEqual(before);
    },
  };
}
