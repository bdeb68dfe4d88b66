import { statfs } from "node:fs/promises";
import { availableParallelism, freemem, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import type { HostFigures } from "../shared/host";
import { gitEnvironment, gitSettings } from "./adapters/git/git-environment";
import { explainExit } from "./adapters/opencode/launcher-exit";
import { askDispose } from "./adapters/opencode/launcher-http";
import { lastLinesOf } from "./adapters/opencode/launcher-logs";
import { waitHealthy } from "./adapters/opencode/launcher-ready";
import { checkVersion, supportedVersions } from "./adapters/opencode/launcher-version";
import type { Environment } from "./adapters/process/login-environment";
import { createHosts } from "./adapters/ssh/create-hosts";
import { ownerOf } from "./adapters/ssh/owner";
import { createHostBook } from "./adapters/storage/host-book";
import type { Config } from "./config/config";
import { domainsOf } from "./core/domains";
import type { InstanceEnvironment } from "./environment";
import type { Folders } from "./folders";
import type { Workspaces } from "./ports/workspaces";
import type { HostParts } from "./runtime/hosts/host-keeper";
import { withoutKeys } from "./secret-names";

export interface HostPartsOptions {
  readonly config: Config;
  readonly folders: Folders;
  readonly environment: Environment;
  readonly instances: InstanceEnvironment;
  readonly workspaces: Workspaces;
}

/** What reaches other machines: the user's ssh, what is to be known of OpenCode and git there, and the book of hosts. STORE_CORRUPT. */
export async function openHosts({ config, folders, environment, instances, workspaces }: HostPartsOptions): Promise<HostParts> {
  const book = createHostBook({
    hostsFile: join(folders.state, "hosts.json"),
    domainsFile: join(folders.state, "domains.json"),
    domainsOf: (hosts) => domainsOf(hosts, config.hosts.tlsPort),
  });
  const records = await book.load();
  // Where only the configuration changed; a disk that refuses is told of by the first change.
  if (records.length > 0) await book.save(records).catch(() => undefined);
  const [program, ...first] = config.hosts.command ?? [];
  return {
    book,
    records,
    fenceMs: config.hosts.fenceMs,
    partitionGraceMs: config.hosts.partitionGraceMs,
    command: program === undefined ? undefined : [program, ...first],
    localFigures: () => localFigures(folders.state),
    hosts: createHosts({
      ssh: { environment: instances.ssh, configFile: config.hosts.sshConfigFile },
      runtimeFolder: folders.runtime,
      owner: await ownerOf(folders.state),
      environment: () => instances.added(),
      database: config.opencode.database,
      home: workspaces,
      git: { environment: gitEnvironment(withoutKeys(environment)), settings: gitSettings },
      protocol: {
        waitHealthy,
        checkVersion: (version) => checkVersion(version, supportedVersions),
        explainExit,
        dispose: askDispose,
        lastLines: lastLinesOf,
      },
    }),
  };
}

async function localFigures(folder: string): Promise<HostFigures> {
  const disk = await statfs(folder);
  return {
    load: loadavg()[0] ?? 0,
    cores: availableParallelism(),
    memoryFreeBytes: freemem(),
    memoryTotalBytes: totalmem(),
    diskFreeBytes: disk.bavail * disk.bsize,
    roundTripMs: 0,
  };
}
