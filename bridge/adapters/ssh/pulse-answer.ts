import type { HostFigures } from "../../../shared/host";
import type { ProcessIdentity, ProcessUsage } from "../../ports/processes";

export interface PulseInstance {
  readonly id: string;
  readonly incarnation: number;
  readonly identity: ProcessIdentity;
  readonly state:
    | { readonly kind: "alive"; readonly usage: ProcessUsage }
    | { readonly kind: "exit"; readonly code: number }
    /** Nobody wrote down how: a reboot, or the keeper was killed too. */
    | { readonly kind: "gone" };
}

export interface PulseAnswer {
  readonly host: (Omit<HostFigures, "roundTripMs"> & { readonly epochMs: number }) | undefined;
  readonly instances: readonly PulseInstance[];
  /** The host's own clock, of no known beginning. */
  readonly timeS: number | undefined;
}

const kib = 1024;

/** Lines of octo_pulse (remote/4-pulse.sh); others are left out. */
export function parsePulse(lines: readonly string[]): PulseAnswer {
  const time = lines.map((line) => /^time (\d+)$/.exec(line)?.[1]).find((found) => found !== undefined);
  return {
    host: lines.map(hostOf).find((host) => host !== undefined),
    instances: lines.flatMap(instanceOf),
    timeS: time === undefined ? undefined : Number(time),
  };
}

function hostOf(line: string): PulseAnswer["host"] {
  const match = /^host ([\d.,]+) (\d+) (\d+) (\d+) (\d+) (\d+)$/.exec(line);
  if (match === null) return undefined;
  const [load = 0, cores = 1, free = 0, total = 0, disk = 0, epochS = 0] = match.slice(1).map((text) => Number(text.replace(",", ".")));
  return {
    load,
    cores: Math.max(1, cores),
    memoryFreeBytes: free * kib,
    memoryTotalBytes: total * kib,
    diskFreeBytes: disk * kib,
    epochMs: epochS * 1_000,
  };
}

function instanceOf(line: string): readonly PulseInstance[] {
  const match = /^instance (\S+) (\d+) (\d+) (\S+) (?:alive (\d+) (\d+)|exit (\d+)|(gone)) (.+)$/.exec(line);
  if (match === null) return [];
  const [, id = "", incarnation, pid, bootId = "", rssKib, cpuMs, code, gone, startTime = ""] = match;
  const exit = code === undefined ? ({ kind: "gone" } as const) : ({ kind: "exit", code: Number(code) } as const);
  const isAlive = code === undefined && gone === undefined;
  return [
    {
      id,
      incarnation: Number(incarnation),
      identity: { pid: Number(pid), startTime, bootId },
      state: isAlive ? { kind: "alive", usage: { rssBytes: Number(rssKib) * kib, cpuMs: Number(cpuMs) } } : exit,
    },
  ];
}
