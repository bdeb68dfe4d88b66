import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { connect } from "node:net";
import type { HostCheck } from "../../../shared/host";
import { toErrorInfo } from "../../octo-error";

import type { RemoteHost } from "./remote-host";
import { callOf, quote } from "./remote-program";
import { sessionsMax } from "./shells";
import type { SshProgram } from "./ssh-arguments";
import { readSshConfig } from "./ssh-config";

const modelsDeadlineMs = 60_000;
const forwardDeadlineMs = 3_000;
/** discard(9): that nobody listens there is as good an answer. */
const discardPort = 9;
const namedMax = 5;

export async function checkName({ definition, name }: RemoteHost, ssh: SshProgram): Promise<HostCheck> {
  try {
    const { address, user, port } = definition;
    const config = await readSshConfig(ssh, { host: address, user, port });
    const what = `${config.user}@${config.hostname}:${config.port}`;
    // A jump host may know names that we do not.
    if (config.usesProxy) return { step: "name", outcome: "ok", message: `${what} by way of another host` };
    const { address: resolved } = await lookup(config.hostname).catch(() => ({ address: undefined }));
    if (resolved !== undefined) return { step: "name", outcome: "ok", message: `${what} is ${resolved}` };
    const message = `${name}: ${config.hostname} has no address`;
    return { step: "name", outcome: "fail", message, error: { code: "HOST_NAME_UNRESOLVED", message } };
  } catch (thrown) {
    return failed("name", thrown);
  }
}

/** The login shell lets ours begin, and as many at once as octo uses. */
export async function checkShells(host: RemoteHost): Promise<readonly HostCheck[]> {
  const { sessions, noiseBytes, refusal } = await host.shells
    .probe()
    .catch((thrown: unknown) => ({ sessions: 0, noiseBytes: 0, refusal: thrown }));
  if (sessions === 0) return [failed("shell", refusal)];
  const shell: HostCheck =
    noiseBytes > 1
      ? {
          step: "shell",
          outcome: "warn",
          message: `start files print ${noiseBytes} bytes for programs too; octo skips them, git and scp stumble`,
        }
      : { step: "shell", outcome: "ok", message: "runs POSIX sh" };
  if (refusal === undefined) return [shell, { step: "sessions", outcome: "ok", message: `${sessions} at once` }];
  const error = {
    code: "HOST_SESSIONS_REFUSED",
    message: `${host.name} gives ${sessions} sessions at once; octo uses up to ${sessionsMax}`,
  } as const;
  return [shell, { step: "sessions", outcome: "warn", message: error.message, error }];
}

/** sshd refuses at the first use only, and says so to the master alone. */
export async function checkForward(host: RemoteHost): Promise<HostCheck> {
  try {
    const port = await host.link.forwards.add(discardPort);
    const socket = connect({ host: "127.0.0.1", port });
    socket.on("error", () => undefined);
    socket.resume();
    try {
      await once(socket, "close", { signal: AbortSignal.timeout(forwardDeadlineMs) });
    } finally {
      socket.destroy();
      await host.link.forwards.remove(discardPort);
    }
    if (!host.link.forwardRefused()) return { step: "forward", outcome: "ok", message: "sshd forwards ports" };
    const error = { code: "HOST_FORWARD_REFUSED", message: `${host.name} forwards nothing` } as const;
    return { step: "forward", outcome: "fail", message: error.message, error };
  } catch (thrown) {
    return failed("forward", thrown);
  }
}

/** A task goes only where its model is offered: logins of the host may be others than at home. */
export async function checkModels(host: RemoteHost, modelsAtHome: readonly string[] | undefined): Promise<HostCheck> {
  if (modelsAtHome === undefined) return { step: "models", outcome: "skipped", message: "nobody knows the models at home" };
  try {
    const words = (host.definition.command ?? []).map(quote).join(" ");
    const lines = await host.call(callOf("octo_models", words), modelsDeadlineMs);
    const there = lines.flatMap((line) => (line.startsWith("model ") ? [line.slice("model ".length)] : []));
    const missing = modelsAtHome.filter((model) => !there.includes(model));
    if (missing.length === 0) return { step: "models", outcome: "ok", message: `${there.length} models, all of those at home` };
    const named = `${missing.slice(0, namedMax).join(", ")}${missing.length > namedMax ? ", …" : ""}`;
    const message = `${missing.length} of ${modelsAtHome.length} models at home are not offered there (${named}): log in there with \`opencode auth login\``;
    return { step: "models", outcome: "warn", message };
  } catch (thrown) {
    return failed("models", thrown);
  }
}

function failed(step: HostCheck["step"], thrown: unknown): HostCheck {
  const error = toErrorInfo(thrown);
  return { step, outcome: "fail", message: error.message, error };
}
