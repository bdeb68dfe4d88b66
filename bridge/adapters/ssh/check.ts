import type { ErrorCode } from "../../../shared/errors";
import { type HostCheck, hostCheckSteps } from "../../../shared/host";
import { OctoError, toErrorInfo } from "../../octo-error";

import { judge, parseReport } from "./check-report";
import { checkForward, checkModels, checkName, checkShells } from "./check-steps";
import type { ServerProtocol } from "./launcher";
import type { RemoteHost } from "./remote-host";
import { callOf, quote } from "./remote-program";
import type { SshProgram } from "./ssh-arguments";

const connectDeadlineMs = 20_000;
/** A login shell that hangs costs 10 s, OpenCode's version 1. */
const reportDeadlineMs = 40_000;

export interface CheckOptions {
  readonly host: RemoteHost;
  readonly ssh: SshProgram;
  readonly owner: string;
  readonly protocol: Pick<ServerProtocol, "checkVersion">;
  readonly modelsAtHome: readonly string[] | undefined;
}

type Step = HostCheck["step"];

/** Where on the way in an error stands; all before it is well. */
const stepOfCode: Readonly<Partial<Record<ErrorCode, Step>>> = {
  HOST_NAME_UNRESOLVED: "name",
  HOST_CONFIG_BROKEN: "name",
  HOST_SSH_MISSING: "name",
  HOST_KEY_UNKNOWN: "host key",
  HOST_KEY_CHANGED: "host key",
  HOST_AUTH_REFUSED: "key",
  HOST_AUTH_LOCKED: "key",
};

/** Step by step, in the order of `hostCheckSteps`, what is well and what is not. Never raises. */
export async function checkHost(options: CheckOptions): Promise<readonly HostCheck[]> {
  const found = new Map<Step, HostCheck>();
  const note = (check: HostCheck): void => void found.set(check.step, check);
  await wayIn(options, note);
  return hostCheckSteps.map((step) => found.get(step) ?? { step, outcome: "skipped", message: "an earlier step failed" });
}

async function wayIn(options: CheckOptions, note: (check: HostCheck) => void): Promise<void> {
  const { host, ssh, owner, protocol } = options;
  const name = await checkName(host, ssh);
  note(name);
  if (name.outcome === "fail") return;
  try {
    await host.link.tryNow(connectDeadlineMs);
  } catch (thrown) {
    const error = toErrorInfo(thrown);
    const failed = stepOfCode[error.code] ?? "reach";
    for (const step of hostCheckSteps.slice(1, hostCheckSteps.indexOf(failed))) note({ step, outcome: "ok", message: "passed" });
    note({ step: failed, outcome: "fail", message: error.message, error });
    return;
  }
  note({ step: "reach", outcome: "ok", message: "connected" });
  note({ step: "host key", outcome: "ok", message: "known" });
  note({ step: "key", outcome: "ok", message: "accepted" });
  const shells = await checkShells(host);
  for (const check of shells) note(check);
  if (shells.some(({ step, outcome }) => step === "shell" && outcome === "fail")) return;
  note(await checkForward(host));
  await report({ host, owner, protocol }, note);
  note(await checkModels(host, options.modelsAtHome));
}

/** What one script tells of the rest. */
async function report({ host, owner, protocol }: Pick<CheckOptions, "host" | "owner" | "protocol">, note: (check: HostCheck) => void) {
  const words = (host.definition.command ?? []).map(quote).join(" ");
  const askedAtMs = Date.now();
  try {
    const { stdout } = await host.shells.run(callOf("octo_check", words, owner, host.definition.domain), reportDeadlineMs);
    for (const check of judge(parseReport(stdout), { host, protocol, askedAtMs, answeredAtMs: Date.now() })) note(check);
  } catch (thrown) {
    const error = thrown instanceof OctoError ? thrown.info : toErrorInfo(thrown);
    note({ step: "home", outcome: "fail", message: error.message, error });
  }
}
