import { execa } from "execa";
import { controlArguments, type SshProgram, sshEnvironment } from "./ssh-arguments";
import { sshError } from "./ssh-error";

/** 8 to 12 ms each (measured); a frozen master never answers. */
const controlDeadlineMs = 3_000;

export interface Forward {
  readonly localPort: number;
  readonly remotePort: number;
}

/** Requests to a running master, by its socket (`ssh -O`). */
export interface Control {
  /** Does a master answer behind the socket? */
  check(): Promise<boolean>;
  /** Asks it to end; a failure is no matter. */
  exit(): Promise<void>;
  /** 127.0.0.1 at both ends. HOST_FORWARD_REFUSED (the local port is taken), HOST_LINK_LOST. */
  forward(forward: Forward): Promise<void>;
  cancel(forward: Forward): Promise<void>;
}

export function createControl(ssh: SshProgram, controlPath: string, host: string): Control {
  const ask = (request: readonly [string, ...string[]]) =>
    execa(ssh.command ?? "ssh", controlArguments(controlPath, request), {
      env: sshEnvironment(ssh),
      extendEnv: false,
      stdin: "ignore",
      reject: false,
      timeout: controlDeadlineMs,
      killSignal: "SIGKILL",
      maxBuffer: 64 * 1024,
    });
  const place = ({ localPort, remotePort }: Forward) => `127.0.0.1:${localPort}:127.0.0.1:${remotePort}`;
  return {
    check: async () => !(await ask(["check"])).failed,
    async exit() {
      await ask(["exit"]);
    },
    async forward(forward) {
      const result = await ask(["forward", "-L", place(forward)]);
      if (result.failed) throw sshError(host, `${place(forward)}: ${result.stderr}`, "HOST_LINK_LOST");
    },
    async cancel(forward) {
      await ask(["cancel", "-L", place(forward)]);
    },
  };
}
