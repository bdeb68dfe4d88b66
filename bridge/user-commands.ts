import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { endLeftovers, ProcessSet } from "./adapters/opencode/launcher-leftovers";
import { createCommands } from "./adapters/process/commands";
import type { Environment } from "./adapters/process/login-environment";
import type { InstanceEnvironment } from "./environment";
import type { Folders } from "./folders";
import type { BridgeLog } from "./log";
import type { Processes } from "./ports/processes";
import type { CommandHost } from "./runtime/telling";

export interface UserCommandsOptions {
  readonly folders: Folders;
  readonly environment: Environment;
  readonly instances: InstanceEnvironment;
  readonly processes: Processes;
  readonly log: BridgeLog;
}

/** What a program needs to run, to speak the user's language and to reach their desktop; no keys, nothing of octo's. */
const passedOn = /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_[A-Z]+|TZ|TMPDIR|XDG_[A-Z_]+|DISPLAY|WAYLAND_DISPLAY|DBUS_SESSION_BUS_ADDRESS)$/;

/** Hooks and notifiers of the user's, with the PATH of their login shell. */
export function userCommands({ folders, environment, instances, processes, log }: UserCommandsOptions): CommandHost {
  const home = environment.HOME;
  const commands = createCommands({
    cwd: home !== undefined && isAbsolute(home) ? home : homedir(),
    owner: folders.state,
    environment: async () => Object.fromEntries(Object.entries(await instances.login()).filter(([name]) => passedOn.test(name))),
    endMarked: (name, value) => endLeftovers(processes, new ProcessSet(), () => processes.findByEnvironment(name, value)),
    log: (message, details) => log.warn(details, message),
  });
  return { commands, hookLogFile: join(folders.state, "hooks.log") };
}
