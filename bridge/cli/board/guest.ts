import { spawn } from "node:child_process";
import { OctoError } from "../../octo-error";

/** Another program that has the board's terminal for a while. */
export interface Guest {
  /** Its exit code, null after a signal. */
  readonly ended: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

export interface GuestOptions {
  /** Added to our own. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly folder?: string;
  /** Gives the terminal up. */
  readonly beforeStart: () => void;
}

/** `ended` raises REQUEST_INVALID where there is no such program. */
export function guest(program: string, argv: readonly string[], { environment, folder, beforeStart }: GuestOptions): Guest {
  beforeStart();
  const child = spawn(program, argv, { stdio: "inherit", cwd: folder, env: { ...process.env, ...environment } });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", ({ message }) => reject(new OctoError("REQUEST_INVALID", `${program} cannot be started: ${message}`)));
    child.once("close", resolve);
  });
  return { ended, kill: (signal) => void child.kill(signal) };
}
