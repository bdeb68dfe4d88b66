import { OctoError, toErrorInfo } from "../../octo-error";
import type { HostLink } from "../../ports/hosts";
import { addressText, type SshAddress } from "./address";
import { type Control, createControl } from "./control";
import { createForwards, type Forwards } from "./forwards";
import { type Master, startMaster } from "./master";
import type { SshProgram } from "./ssh-arguments";
import { isRefusal } from "./ssh-error";

/** From the start of one try to the start of the next. */
const tryIntervalMs = 2_000;
/** The host, or our own configuration, refuses: only a person changes that, and sshd or a guard beside it may count the tries. */
const refusedIntervalMs = 30_000;

/** The one connection of a host, kept up until it is closed. */
export interface Link {
  state(): HostLink;
  readonly forwards: Forwards;
  /** +1 at each connection: sessions of an earlier one are over. */
  generation(): number;
  readonly controlPath: string;
  /** Settles as soon as the host is connected; HOST_UNREACHABLE or the reason, when a try fails first or the deadline passes. */
  whenConnected(deadlineMs: number): Promise<void>;
  /** The host lets us in and refuses to forward. */
  forwardRefused(): boolean;
  /** Tries at once instead of at the next turn. */
  retry(): void;
  /** As `whenConnected`, after a try that ends after this call. */
  tryNow(deadlineMs: number): Promise<void>;
  close(): Promise<void>;
}

export interface LinkOptions {
  readonly ssh: SshProgram;
  readonly address: SshAddress;
  /** Short: a socket's path has at most 104 bytes, and ssh adds 17 while it makes it. */
  readonly controlPath: string;
  readonly nowMs: () => number;
  /** Asked of each connection before anything goes through it; an error that it raises ends the connection. */
  readonly meet: () => Promise<void>;
  readonly changed: (state: HostLink) => void;
}

export function openLink(options: LinkOptions): Link {
  const { ssh, address, controlPath, nowMs } = options;
  const control = createControl(ssh, controlPath, addressText(address));
  const closing = new AbortController();
  let state: HostLink = { kind: "connecting", sinceMs: nowMs() };
  let generation = 0;
  let joining: Master | undefined;
  let master: Master | undefined;
  let wake = (): void => undefined;
  const listeners = new Set<() => void>();
  const isUp = (): Control | undefined => (master === undefined ? undefined : control);
  const forwards = createForwards(isUp);

  const enter = (next: HostLink): void => {
    state = next;
    options.changed(next);
    for (const listener of [...listeners]) listener();
  };
  const sleep = (delayMs: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, delayMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  /** One connection, from try to loss; gives how long to wait before the next try. */
  const connectOnce = async (): Promise<number> => {
    const triedAtMs = nowMs();
    try {
      joining = await startMaster({ ssh, address, controlPath, control, signal: closing.signal });
      await options.meet();
    } catch (thrown) {
      await joining?.stop();
      joining = undefined;
      const reason = toErrorInfo(thrown);
      const sinceMs = state.kind === "unreachable" ? state.sinceMs : nowMs();
      if (!closing.signal.aborted) enter({ kind: "unreachable", sinceMs, triedAtMs, reason });
      return Math.max(0, triedAtMs + (isRefusal(reason.code) ? refusedIntervalMs : tryIntervalMs) - nowMs());
    }
    master = joining;
    generation += 1;
    const connectedAtMs = nowMs();
    await forwards.apply();
    if (!closing.signal.aborted) enter({ kind: "connected", sinceMs: nowMs() });
    const retryForwards = setInterval(() => void forwards.apply(), tryIntervalMs);
    await master.ended;
    clearInterval(retryForwards);
    joining = master = undefined;
    forwards.lost();
    if (!closing.signal.aborted) enter({ kind: "reconnecting", sinceMs: nowMs() });
    // At once, unless the host throws us out again and again.
    return Math.max(0, connectedAtMs + tryIntervalMs - nowMs());
  };
  const kept = (async () => {
    while (!closing.signal.aborted) {
      const delayMs = await connectOnce();
      if (delayMs > 0 && !closing.signal.aborted) await sleep(delayMs);
    }
  })();

  return {
    state: () => state,
    forwards,
    controlPath,
    generation: () => generation,
    forwardRefused: () => master?.forwardRefused() ?? false,
    whenConnected: (deadlineMs) => untilConnected({ address, listeners, state: () => state, deadlineMs }),
    retry: () => wake(),
    async tryNow(deadlineMs) {
      if (state.kind !== "connected") {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(done, deadlineMs);
          function done(): void {
            clearTimeout(timer);
            listeners.delete(done);
            resolve();
          }
          listeners.add(done);
          wake();
        });
      }
      await untilConnected({ address, listeners, state: () => state, deadlineMs });
    },
    async close() {
      closing.abort();
      wake();
      await joining?.stop();
      await kept;
      if (state.kind !== "closed") enter({ kind: "closed" });
    },
  };
}

interface Waiting {
  readonly address: SshAddress;
  readonly listeners: Set<() => void>;
  readonly state: () => HostLink;
  readonly deadlineMs: number;
}

function untilConnected({ address, listeners, state, deadlineMs }: Waiting): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      listeners.delete(look);
      act();
    };
    const look = (): void => {
      const now = state();
      if (now.kind === "connected") settle(resolve);
      else if (now.kind === "unreachable") settle(() => reject(new OctoError(now.reason.code, now.reason.message)));
      else if (now.kind === "closed") settle(() => reject(new OctoError("HOST_UNREACHABLE", `${addressText(address)} was removed`)));
    };
    const timer = setTimeout(() => {
      settle(() => reject(new OctoError("HOST_UNREACHABLE", `${addressText(address)}: no connection within ${deadlineMs} ms`)));
    }, deadlineMs);
    listeners.add(look);
    look();
  });
}
