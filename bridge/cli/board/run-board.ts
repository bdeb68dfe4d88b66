import type { Client } from "../client";
import { Board } from "./board";

/** What ends a program that has no say in it. */
const endingSignals = ["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT"] as const;
/** A shell that cannot stop us leaves us running: then the screen is taken back. */
const resumeMs = 100;

export interface BoardRequest {
  readonly client: Client;
  readonly directory: string;
}

/**
 * Shows the board until the person quits. However it ends, the terminal is as it was: by the keyboard, by a signal (which ends the
 * process the usual way afterwards), by an error that nobody caught (raised from here).
 */
export async function runBoard({ client, directory }: BoardRequest): Promise<void> {
  const { stdin, stdout, env: environment } = process;
  let endedBy: NodeJS.Signals | undefined;
  let board: Board | undefined;
  const releases: (() => void)[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      const suspend = (): void => suspended(releases, () => board?.leave(), resume, suspend);
      const resume = (): void => board?.enter();
      for (const name of ["uncaughtException", "unhandledRejection"] as const) listen(releases, name, reject);
      for (const signal of endingSignals) {
        listen(releases, signal, () => {
          // A Ctrl-C in OpenCode's TUI or the editor is for it.
          if (signal === "SIGINT" && board?.hasGuest) return;
          endedBy = signal;
          resolve();
        });
      }
      listen(releases, "SIGCONT", () => {
        // A shell has used the terminal since.
        board?.leave();
        resume();
      });
      listen(releases, "SIGTSTP", suspend);
      board = new Board({ client, directory, stdin, stdout, environment, onQuit: resolve, onFailed: reject, onSuspend: suspend });
      board.start();
    });
  } finally {
    await board?.stop(endedBy);
    for (const release of releases.reverse()) release();
  }
  if (endedBy) process.kill(process.pid, endedBy);
}

function listen(releases: (() => void)[], name: string, listener: (value: unknown) => void): void {
  process.on(name, listener);
  releases.push(() => void process.off(name, listener));
}

/** To the background as a terminal does it: the whole job, with the terminal as it was. */
function suspended(releases: (() => void)[], leave: () => void, resume: () => void, listener: () => void): void {
  leave();
  // Without a listener the signal does what it does.
  process.off("SIGTSTP", listener);
  process.kill(0, "SIGTSTP");
  const timer = setTimeout(() => {
    process.on("SIGTSTP", listener);
    resume();
  }, resumeMs);
  releases.push(() => clearTimeout(timer));
}
