import { captureLoginEnvironment, type Environment, type LoginEnvironment } from "./adapters/process/login-environment";
import type { Config } from "./config/config";

const captureDeadlineMs = 10_000;

/** What instances get: the user's login environment, captured once, and what the configuration adds. */
export interface InstanceEnvironment {
  get(): Promise<Environment>;
  /** The agent of the GUI that said hello last: sockets of agents change with each login. */
  useSshAuthSock(path: string): void;
  /** For ssh: the user's as far as it is known now. */
  ssh(): Environment;
}

/** Variables of the process that must not reach an instance, whose tools show their environment to models (seen). */
const withheld = ["OPENCODE_SERVER_PASSWORD", "OPENCODE_SERVER_USERNAME", "OPENCODE_PID", "OPENCODE"];

export function instanceEnvironment(config: Config["opencode"], own: Environment): InstanceEnvironment {
  let captured: Promise<LoginEnvironment> | undefined;
  let sshAuthSock: Environment = {};
  let known = own;
  const capture = (): Promise<LoginEnvironment> => {
    if (!config.loginShell) return Promise.resolve({ environment: own, source: "fallback", reason: "opencode.loginShell is off" });
    captured ??= captureLoginEnvironment({ shell: own.SHELL, fallback: own, deadlineMs: captureDeadlineMs });
    return captured;
  };
  return {
    ssh: () => ({ ...known, ...sshAuthSock }),
    async get() {
      const { environment } = await capture();
      known = environment;
      const kept = Object.fromEntries(Object.entries(environment).filter(([name]) => !withheld.includes(name)));
      return { ...kept, ...sshAuthSock, ...config.env };
    },
    useSshAuthSock(path) {
      sshAuthSock = { SSH_AUTH_SOCK: path };
    },
  };
}

/** The environment of this process, without the unset. */
export function processEnvironment(): Environment {
  return Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
