import type { Link } from "./link";
import { openShell, type RemoteShell, type ShellOutput, type ShellStream } from "./shell";
import { createSlots } from "./slots";
import type { SshProgram } from "./ssh-arguments";

/** How long a command waits for a link that is just being made. */
const linkDeadlineMs = 10_000;
/** Sessions through one master: sshd's MaxSessions is 10 by default, and the user may have some there too. Forwards are no sessions. */
export const sessionsMax = 8;
/** Of these, commands that run at once; one more is the pulse's, the rest are for streams. */
const commandsMax = 4;
const idleMaxMs = 60_000;
const probeDeadlineMs = 5_000;

/** Runs scripts on one host over its link. */
export interface Shells {
  /**
   * Runs a script of POSIX sh with the functions of the remote program, stdin empty. While the link is down the reason is raised. After
   * HOST_LINK_LOST and HOST_COMMAND_TIMEOUT nobody knows whether it ran: scripts are written to be run again.
   */
  run(script: string, deadlineMs: number): Promise<ShellOutput>;
  /** Round trip; the shell of the pulse is used for nothing else, so that nothing delays it. */
  pulse(script: string, deadlineMs: number): Promise<ShellOutput & { readonly roundTripMs: number }>;
  /** A script with stdin and stdout of its own; call `release` when it is over. */
  stream(script: string): Promise<ShellStream & { readonly release: () => void }>;
  /** Opens as many sessions as the limit leaves: how many there were then, how chatty the login shell is, and why no more came. */
  probe(): Promise<{ readonly sessions: number; readonly noiseBytes: number; readonly refusal: unknown }>;
  /** The connection is gone: its shells are too. */
  lost(): void;
  close(): void;
}

interface Held {
  readonly shell: RemoteShell;
  readonly release: () => void;
}

export function createShells(options: {
  readonly link: Link;
  readonly ssh: SshProgram;
  readonly host: string;
  readonly owner: string;
}): Shells {
  const { link } = options;
  const sessions = createSlots({ limit: sessionsMax, code: "HOST_SESSIONS_REFUSED", what: `sessions of ${options.host}` });
  const commands = createSlots({ limit: commandsMax, code: "HOST_COMMAND_TIMEOUT", what: `shells of ${options.host}` });
  const idle: { readonly held: Held; readonly timer: NodeJS.Timeout }[] = [];
  const all = new Set<RemoteShell>();
  let ofPulse: Held | undefined;
  let lastPulse: Promise<unknown> = Promise.resolve();

  const open = async (deadlineMs: number): Promise<Held> => {
    await link.whenConnected(Math.min(deadlineMs, linkDeadlineMs));
    const release = await sessions.acquire(deadlineMs);
    try {
      const shell = await openShell({ ...options, controlPath: link.controlPath });
      all.add(shell);
      return {
        shell,
        release: () => {
          all.delete(shell);
          shell.close();
          release();
        },
      };
    } catch (thrown) {
      release();
      throw thrown;
    }
  };
  const takeIdle = (): Held | undefined => {
    for (let entry = idle.pop(); entry !== undefined; entry = idle.pop()) {
      clearTimeout(entry.timer);
      if (entry.held.shell.isOpen()) return entry.held;
      entry.held.release();
    }
    return undefined;
  };
  const putBack = (held: Held): void => {
    if (!held.shell.isOpen()) return held.release();
    const timer = setTimeout(() => {
      idle.splice(
        idle.findIndex((entry) => entry.held === held),
        1,
      );
      held.release();
    }, idleMaxMs).unref();
    idle.push({ held, timer });
  };
  return {
    async run(script, deadlineMs) {
      const done = await commands.acquire(deadlineMs);
      try {
        const held = takeIdle() ?? (await open(deadlineMs));
        try {
          return await held.shell.run(script, deadlineMs);
        } finally {
          putBack(held);
        }
      } finally {
        done();
      }
    },
    pulse(script, deadlineMs) {
      const beat = async () => {
        if (ofPulse?.shell.isOpen() !== true) {
          ofPulse?.release();
          ofPulse = undefined;
          ofPulse = await open(deadlineMs);
        }
        const { shell } = ofPulse;
        const roundTripMs = await shell.ping(deadlineMs);
        return { ...(await shell.run(script, deadlineMs)), roundTripMs };
      };
      // A shell does one thing after the other.
      const mine = lastPulse.then(beat, beat);
      lastPulse = mine.catch(() => undefined);
      return mine;
    },
    async stream(script) {
      const held = await open(linkDeadlineMs);
      return { ...held.shell.stream(script), release: held.release };
    },
    async probe() {
      const results = await Promise.allSettled(Array.from({ length: sessions.free() }, () => open(probeDeadlineMs)));
      const opened = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
      const count = all.size;
      for (const { release } of opened) release();
      const refusal = results.find((result) => result.status === "rejected")?.reason;
      return { sessions: count, noiseBytes: opened[0]?.shell.noiseBytes ?? 0, refusal };
    },
    lost: () => {
      for (const shell of all) shell.close();
    },
    close() {
      for (const { held, timer } of idle.splice(0)) {
        clearTimeout(timer);
        held.release();
      }
      ofPulse?.release();
      for (const shell of all) shell.close();
    },
  };
}
