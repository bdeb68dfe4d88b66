import type { ErrorInfo } from "../../../shared/errors";
import type { HostCheck } from "../../../shared/host";
import { showBytes } from "../../figures";
import { inert } from "../../inert";
import { toErrorInfo } from "../../octo-error";
import type { ServerProtocol } from "./launcher";
import { parsePulse } from "./pulse-answer";
import type { RemoteHost } from "./remote-host";

const gib = 1024 ** 3;
const memoryFreeMinBytes = gib;
const diskFreeMinBytes = 2 * gib;
/** Below it nothing works any more. */
const diskFullBytes = gib / 10;
/** Files of the future confuse build tools. */
const skewMaxMs = 5_000;
/** `git switch` is of 2.23. */
const gitMin: readonly [number, number] = [2, 23];

/** Values by name, of the lines of octo_check. */
export type Report = ReadonlyMap<string, string>;

export function parseReport(stdout: string): Report {
  const lines = inert(stdout).split("\n");
  return new Map(
    lines.flatMap((line) => (/^[a-z]+ ./.test(line) ? [[line.split(" ", 1)[0] ?? "", line.slice(line.indexOf(" ") + 1)]] : [])),
  );
}

export interface JudgeOptions {
  readonly host: Pick<RemoteHost, "name" | "definition">;
  readonly protocol: Pick<ServerProtocol, "checkVersion">;
  /** Around the question: the host's clock was read in between. */
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
}

/** The steps that a report decides. */
export function judge(report: Report, options: JudgeOptions): readonly HostCheck[] {
  return [
    judgeHome(report),
    judgeOpenCode(report, options),
    judgeGit(report, options),
    judgeWezTerm(report, options),
    ...judgeFigures(report, options),
  ];
}

const ok = (step: HostCheck["step"], message: string): HostCheck => ({ step, outcome: "ok", message });
const bad = (step: HostCheck["step"], outcome: "warn" | "fail", error: ErrorInfo): HostCheck => ({
  step,
  outcome,
  message: error.message,
  error,
});

function judgeHome(report: Report): HostCheck {
  const home = report.get("home") ?? "";
  if (home === "ok") return ok("home", "can be written");
  const [, code, message = home] = /^fail (HOST_DISK_FULL|HOST_HOME_READONLY) (.*)$/.exec(home) ?? [];
  return bad("home", "fail", { code: code === "HOST_DISK_FULL" ? code : "HOST_HOME_READONLY", message });
}

function judgeOpenCode(report: Report, { host, protocol }: JudgeOptions): HostCheck {
  const version = report.get("version");
  if (version === undefined)
    return bad("opencode", "fail", { code: "OPENCODE_MISSING", message: `${host.name}: ${report.get("missing") ?? ""}` });
  try {
    protocol.checkVersion(version);
    return ok("opencode", `${version} at ${report.get("opencode") ?? ""}`);
  } catch (thrown) {
    return bad("opencode", "fail", toErrorInfo(thrown));
  }
}

function judgeGit(report: Report, { host }: JudgeOptions): HostCheck {
  const version = report.get("git");
  const [major = 0, minor = 0] = (version ?? "").split(".").map(Number);
  if (major > gitMin[0] || (major === gitMin[0] && minor >= gitMin[1])) return ok("git", version ?? "");
  return bad("git", "fail", {
    code: "HOST_GIT_MISSING",
    message: version === undefined ? `${host.name} has no git` : `${host.name} has git ${version}`,
  });
}

function judgeWezTerm(report: Report, { host }: JudgeOptions): HostCheck {
  const { domain } = host.definition;
  if (domain === "none") return { step: "wezterm", outcome: "skipped", message: "panes are local: none is needed there" };
  // `multiplexing = "None"`: a plain ssh session.
  if (domain === "ssh") return { step: "wezterm", outcome: "skipped", message: "a domain over plain ssh: none is needed there" };
  const version = report.get("wezterm");
  if (version) return ok("wezterm", version);
  return bad("wezterm", "fail", {
    code: "HOST_WEZTERM_MISSING",
    message: `${host.name} has no wezterm; its domain is ${domain}`,
  });
}

function judgeFigures(report: Report, { host, askedAtMs, answeredAtMs }: JudgeOptions): readonly HostCheck[] {
  const figures = parsePulse([`host ${report.get("host") ?? ""}`]).host;
  if (figures === undefined) return [];
  const { memoryFreeBytes, memoryTotalBytes, epochMs, cores, load } = figures;
  const diskFreeBytes = Number(report.get("disk") ?? 0) * 1024;
  const memory = `${showBytes(memoryFreeBytes)} of ${showBytes(memoryTotalBytes)} free, ${cores} cores, load ${load}`;
  const disk = `${showBytes(diskFreeBytes)} free`;
  // The host tells whole seconds.
  const skewMs = epochMs < askedAtMs - 1_000 ? epochMs - askedAtMs : Math.max(0, epochMs - answeredAtMs);
  const clock = `${Math.round(skewMs / 1_000)} s from ours`;
  return [
    { step: "memory", outcome: memoryFreeBytes < memoryFreeMinBytes ? "warn" : "ok", message: memory },
    diskFreeBytes < diskFullBytes
      ? bad("disk", "fail", { code: "HOST_DISK_FULL", message: `${host.name}: ${disk}` })
      : { step: "disk", outcome: diskFreeBytes < diskFreeMinBytes ? "warn" : "ok", message: disk },
    { step: "clock", outcome: Math.abs(skewMs) > skewMaxMs ? "warn" : "ok", message: clock },
  ];
}
