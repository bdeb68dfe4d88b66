import { captureLoginEnvironment, type Environment, type LoginEnvironment } from "./adapters/process/login-environment";
import type { Config } from "./config/config";
import { readEnvFile } from "./config/env-file";
import type { Redactor } from "./redactor";
import { looksSecret, withoutKeys } from "./secret-names";

const captureDeadlineMs = 10_000;

/** What instances get: the user's login environment, captured once, and what the configuration adds. */
export interface InstanceEnvironment {
  /** CONFIG_INVALID when `opencode.envFile` cannot be read. */
  get(): Promise<Environment>;
  /** Without what the configuration adds: for commands of the user's own. */
  login(): Promise<Environment>;
  /** What the configuration adds, for instances of other machines. CONFIG_INVALID as above. */
  added(): Promise<Environment>;
  /** The agent of the GUI that said hello last: sockets of agents change with each login. */
  useSshAuthSock(path: string): void;
  /** For ssh: the user's as far as it is known now, without keys. */
  ssh(): Environment;
}

/**
 * Variables of the process that must not reach an instance, whose tools show their environment to models (seen): another server's, and the
 * pane of WezTerm that the bridge was started in, which is none of a server's.
 */
const withheld = /^(?:OPENCODE_SERVER_PASSWORD|OPENCODE_SERVER_USERNAME|OPENCODE_PID|OPENCODE|WEZTERM_.*)$/;

export function instanceEnvironment(config: Config["opencode"], own: Environment, redactor: Redactor): InstanceEnvironment {
  let captured: Promise<LoginEnvironment> | undefined;
  let sshAuthSock: Environment = {};
  let known = own;
  const capture = (): Promise<LoginEnvironment> => {
    if (!config.loginShell) return Promise.resolve({ environment: own, source: "fallback", reason: "opencode.loginShell is off" });
    captured ??= captureLoginEnvironment({ shell: own.SHELL, fallback: own, deadlineMs: captureDeadlineMs });
    return captured;
  };
  const added = async (): Promise<Environment> => {
    const all = { ...(await readEnvFile(config.envFile, own.HOME)), ...config.env };
    redactor.know(Object.values(all));
    return all;
  };
  const login = async (): Promise<Environment> => {
    const { environment } = await capture();
    known = environment;
    redactor.know(secretsOf(environment));
    const kept = Object.fromEntries(Object.entries(environment).filter(([name]) => !withheld.test(name)));
    return { ...kept, ...sshAuthSock };
  };
  redactor.know(secretsOf(own));
  redactor.know(Object.values(config.env));
  return {
    added,
    ssh: () => ({ ...withoutKeys(known), ...sshAuthSock }),
    login,
    get: async () => ({ ...(await login()), ...(await added()) }),
    useSshAuthSock(path) {
      sshAuthSock = { SSH_AUTH_SOCK: path };
    },
  };
}

/** A URL with a user before its host: a proxy, a database, a mirror. */
const namesPassword = /:\/\/[^\s/]+@/;

function secretsOf(environment: Environment): readonly string[] {
  return Object.entries(environment).flatMap(([name, value]) => (looksSecret(name) || namesPassword.test(value) ? [value] : []));
}
