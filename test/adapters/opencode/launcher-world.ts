import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createLauncher, type LauncherOptions } from "../../../bridge/adapters/opencode/launcher";
import { createProcesses } from "../../../bridge/adapters/process/create-processes";
import type { LaunchedServer, Launcher, LaunchRequest } from "../../../bridge/ports/opencode";
import type { InstanceId } from "../../../shared/ids";
import { expectNoProcessesWith } from "../../helpers/census";
import { tempFolder } from "../../helpers/temp-folder";

export const processes = createProcesses(process.platform);

/** What the fixture server does wrong; see launcher-fixture-server.mjs. */
export interface FixtureFaults {
  readonly version?: string;
  readonly exit?: { readonly code: number; readonly stderr: string };
  readonly deaf?: boolean;
  readonly tool?: readonly string[];
  readonly open?: boolean;
  readonly disposeHangs?: boolean;
  readonly unmarked?: boolean;
  readonly muteCount?: number;
}

export interface LauncherWorld extends AsyncDisposable {
  readonly folder: string;
  /** In the environment of everything started here, as OCTO_TEST_RUN. */
  readonly run: string;
  readonly launcher: Launcher;
  /** A launcher whose servers have faults. */
  faulty(faults: FixtureFaults): Launcher;
  request(given?: Partial<LaunchRequest>): Promise<LaunchRequest>;
}

export function asInstanceId(id: string): InstanceId {
  return id as InstanceId;
}

/** A launcher of fixture servers in a folder whose name is the test run's mark. */
export function launcherIn(folder: string, faults: FixtureFaults = {}, more: Partial<LauncherOptions> = {}): Launcher {
  return createLauncher({
    processes,
    command: async () => [process.execPath, join(import.meta.dirname, "launcher-fixture-server.mjs")],
    environment: async () => environmentIn(folder, { FIXTURE: JSON.stringify(faults) }),
    instancesFolder: join(folder, "instances"),
    ...more,
  });
}

/** Nothing of the person who runs the tests; everything is below `folder`. */
export function environmentIn(folder: string, more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const homes = {
    HOME: folder,
    XDG_CONFIG_HOME: join(folder, "config"),
    XDG_STATE_HOME: join(folder, "state"),
    XDG_DATA_HOME: join(folder, "data"),
    XDG_CACHE_HOME: join(folder, "cache"),
  };
  return { PATH: process.env.PATH ?? "", ...homes, OCTO_TEST_RUN: folder, ...more };
}

/** Ends what is left, and fails when anything is. */
export async function launcherWorld(): Promise<LauncherWorld> {
  const temp = await tempFolder("octo-launcher");
  const launcher = launcherIn(temp.path);
  return {
    folder: temp.path,
    run: temp.path,
    launcher,
    faulty: (faults) => launcherIn(temp.path, faults),
    async request(given = {}) {
      const port = given.port ?? (await launcher.choosePort([], 0));
      return { instanceId: asInstanceId("ins_a"), incarnation: 1, password: randomBytes(12).toString("hex"), ...given, port };
    },
    async [Symbol.asyncDispose]() {
      for (const identity of await processes.findByEnvironment("OCTO_TEST_RUN", temp.path)) await processes.signal(identity, "SIGKILL");
      await expectNoProcessesWith("OCTO_TEST_RUN", temp.path);
      await temp[Symbol.asyncDispose]();
    },
  };
}

export async function ready(launcher: Launcher, server: LaunchedServer, deadlineMs = 15_000): Promise<{ readonly version: string }> {
  return launcher.waitReady(server, { deadlineMs, signal: new AbortController().signal });
}
