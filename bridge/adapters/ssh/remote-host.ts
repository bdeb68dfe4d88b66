import { createHash } from "node:crypto";
import { join } from "node:path";
import type { HostDefinition, HostHandlers, HostLink } from "../../ports/hosts";
import { addressText, checkAddress, checkHostName } from "./address";
import { answerLines } from "./answer";
import { type Link, openLink } from "./link";
import { createMeeting } from "./meeting";
import { type Pulse, startPulse } from "./pulse";
import { callOf, quote } from "./remote-program";
import { createShells, type Shells } from "./shells";
import type { SshProgram } from "./ssh-arguments";

const pulseIntervalMs = 2_000;

export interface RemoteOptions {
  readonly ssh: SshProgram;
  /** 0700, and short: the sockets of the masters are in it. */
  readonly runtimeFolder: string;
  /** Names this bridge on the hosts, so that two bridges (two laptops) never touch one another's servers. */
  readonly owner: string;
  readonly pulseIntervalMs?: number | undefined;
}

/** A host as the launcher, the workspaces and the checks use it. */
export interface RemoteHost {
  readonly definition: HostDefinition;
  /** For messages. */
  readonly name: string;
  readonly link: Link;
  readonly shells: Shells;
  readonly pulse: Pulse;
  /** The limit of the fence in seconds; 0 for none. */
  readonly fenceS: number;
  /** The script among this bridge's things on the host; HOST_OTHER_MACHINE, by octo_fail, where they are another machine's. */
  withRoot(script: string): string;
  /** Lines that a call of the remote program answers. The code of octo_fail, HOST_COMMAND_FAILED, or why the host cannot be asked. */
  call(script: string, deadlineMs: number): Promise<readonly string[]>;
  close(): Promise<void>;
}

const monotonicMs = (): number => performance.now();

/** Connects, and stays connected until closed. HOST_NAME_INVALID, HOST_ADDRESS_INVALID. */
export function openRemoteHost(definition: HostDefinition, options: RemoteOptions, handlers: HostHandlers): RemoteHost {
  const { ssh, owner } = options;
  checkHostName(definition.id);
  const address = { host: definition.address, user: definition.user, port: definition.port };
  checkAddress(address);
  const name = `${definition.id} (${addressText(address)})`;
  // Of a fixed length, whatever the name.
  const socket = createHash("sha256").update(definition.id).digest("hex").slice(0, 8);

  let shells: Shells | undefined;
  let pulse: Pulse | undefined;
  const changed = (state: HostLink): void => {
    if (state.kind === "reconnecting" || state.kind === "closed") shells?.lost();
    if (state.kind === "connected") void pulse?.beat();
    handlers.link(state);
  };
  const controlPath = join(options.runtimeFolder, `ssh-${socket}`);
  const withRoot = (script: string): string => `octo_use "$octo_owner" ${quote(definition.id)}\n${script}`;
  const meet = createMeeting({ ssh, controlPath, host: name, owner }, withRoot);
  const link = openLink({ ssh, address, controlPath, nowMs: monotonicMs, meet, changed });
  const own = createShells({ link, ssh, host: name, owner });
  shells = own;
  const fenceS = Math.ceil(definition.fenceMs / 1_000);
  pulse = startPulse({
    ask: async (seenS, deadlineMs) => {
      const output = await own.pulse(withRoot(callOf("octo_pulse", fenceS, seenS ?? "")), deadlineMs);
      return { lines: answerLines(output, name), roundTripMs: output.roundTripMs };
    },
    isConnected: () => link.state().kind === "connected",
    intervalMs: options.pulseIntervalMs ?? pulseIntervalMs,
    nowMs: monotonicMs,
    changed: handlers.figures,
  });
  const beating = pulse;

  return {
    definition,
    name,
    link,
    shells: own,
    pulse: beating,
    fenceS,
    withRoot,
    call: async (script, deadlineMs) => answerLines(await own.run(withRoot(script), deadlineMs), name),
    async close() {
      beating.close();
      own.close();
      await link.close();
    },
  };
}
