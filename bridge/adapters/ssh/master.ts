import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { execa } from "execa";
import { OctoError } from "../../octo-error";
import { sendSignal } from "../../send-signal";
import { addressText, type SshAddress } from "./address";
import { connectTimes } from "./connect-times";
import type { Control } from "./control";
import { explainDenied } from "./explain-denied";
import { masterArguments, type SshProgram, sshEnvironment } from "./ssh-arguments";
import { readSshConfig } from "./ssh-config";
import { saysForwardRefused, sshError } from "./ssh-error";

const lookMs = 20;
const stderrCharactersMax = 16 * 1024;
/** Between SIGTERM and SIGKILL. */
const killGraceMs = 1_000;

/** One running connection to a host: a child process of ours. */
export interface Master {
  /** Settles with the reason when the connection is over. */
  readonly ended: Promise<OctoError>;
  /** sshd refused to lead a forward anywhere since the start of this connection. */
  forwardRefused(): boolean;
  stop(): Promise<void>;
}

export interface MasterRequest {
  readonly ssh: SshProgram;
  readonly address: SshAddress;
  readonly controlPath: string;
  readonly control: Control;
  readonly signal: AbortSignal;
}

/**
 * Connects. HOST_UNREACHABLE, HOST_NAME_UNRESOLVED, HOST_KEY_UNKNOWN, HOST_KEY_CHANGED, HOST_AUTH_REFUSED, HOST_AUTH_LOCKED,
 * HOST_CONFIG_BROKEN, HOST_SSH_MISSING.
 */
export async function startMaster(request: MasterRequest): Promise<Master> {
  const { ssh, address, controlPath, control, signal } = request;
  await clearPath(controlPath, control);
  const { optionS, deadlineMs } = connectTimes(await readSshConfig(ssh, address).catch(() => undefined));
  const child = execa(ssh.command ?? "ssh", masterArguments(ssh, address, controlPath, optionS), {
    env: sshEnvironment(ssh),
    extendEnv: false,
    // A group of its own, with the ssh of a jump host in it.
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  let refused = false;
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-stderrCharactersMax);
    refused ||= saysForwardRefused(stderr);
  });
  let hasEnded = false;
  const ended = child.then((result) => {
    hasEnded = true;
    if (result.code === "ENOENT") return new OctoError("HOST_SSH_MISSING", `${ssh.command ?? "ssh"} was not found`);
    return sshError(addressText(address), stderr);
  });
  const stop = async (): Promise<void> => {
    sendSignal({ groupId: child.pid }, "SIGTERM");
    const timer = setTimeout(() => sendSignal({ groupId: child.pid }, "SIGKILL"), killGraceMs);
    await ended.finally(() => clearTimeout(timer));
  };
  const endAtMs = performance.now() + deadlineMs;
  for (;;) {
    if (hasEnded) throw await explained(request, await ended);
    if (signal.aborted || performance.now() > endAtMs) {
      await stop();
      throw new OctoError("HOST_UNREACHABLE", `${addressText(address)}: no connection within ${deadlineMs} ms; ${stderr.trim()}`);
    }
    // It makes the socket once the server has let us in.
    if (existsSync(controlPath) && (await control.check())) return { ended, forwardRefused: () => refused, stop };
    await pause(lookMs);
  }
}

/**
 * A master of an earlier bridge ends; its socket, or one that a killed master left, goes: ssh would start without multiplexing and not
 * say so by its exit code (seen).
 */
async function clearPath(controlPath: string, control: Control): Promise<void> {
  await mkdir(dirname(controlPath), { recursive: true, mode: 0o700 });
  if (!existsSync(controlPath)) return;
  if (await control.check()) {
    await control.exit();
    for (let looks = 0; looks < 50 && existsSync(controlPath); looks += 1) await pause(lookMs);
  }
  await rm(controlPath, { force: true });
}

async function explained({ ssh, address }: MasterRequest, error: OctoError): Promise<OctoError> {
  return error.code === "HOST_AUTH_REFUSED" ? await explainDenied(ssh, address, error) : error;
}
