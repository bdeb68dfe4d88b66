import { access } from "node:fs/promises";
import { findOpenCode } from "../../adapters/opencode/launcher-binary";
import { checkVersion, supportedVersions } from "../../adapters/opencode/launcher-version";
import { captureLoginEnvironment, type LoginEnvironment } from "../../adapters/process/login-environment";
import { readConfig } from "../../config/read-config";
import { type Check, type CheckContext, type Finding, fail, ok, warn } from "./check";
import { firstLineOf } from "./run-program";

const captureDeadlineMs = 10_000;
const versionTimeoutMs = 15_000;
/** package.json's `engines`. */
const nodeMin = { major: 20, minor: 19 } as const;

export const nodeCheck: Check = {
  name: "node",
  run: async () => {
    const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
    if (major > nodeMin.major || (major === nodeMin.major && minor >= nodeMin.minor)) return ok(`Node ${process.versions.node}`);
    return fail(`Node ${process.versions.node} is too old`, `Install Node ${nodeMin.major}.${nodeMin.minor} or newer.`);
  },
};

/** Instances get the login shell's environment, so the programs are looked for with its PATH. */
export function programChecks(): readonly Check[] {
  let captured: Promise<LoginEnvironment> | undefined;
  const login = (context: CheckContext): Promise<LoginEnvironment> => {
    captured ??= captureLoginEnvironment({
      shell: context.environment.SHELL,
      fallback: context.environment,
      deadlineMs: captureDeadlineMs,
    });
    return captured;
  };
  const pathOf = async (context: CheckContext): Promise<string | undefined> => (await login(context)).environment.PATH;
  return [
    { name: "configuration", run: configurationFinding },
    { name: "environment", run: async (context) => environmentFinding(await login(context)) },
    { name: "opencode", run: async (context) => openCodeFinding(await commandOf(context), await pathOf(context)) },
    programCheck("git", ["git", "--version"], "Install git; without it tasks run only with --in-place.", pathOf),
    programCheck("curl", ["curl", "--version"], "Install curl; the WezTerm plugin speaks to the bridge through it.", pathOf),
  ];
}

function environmentFinding({ source, reason }: LoginEnvironment): Finding {
  if (source === "login-shell") return ok("instances get the environment of your login shell");
  return warn(`instances get this program's environment: ${reason ?? "no login shell"}`, "Check $SHELL and your shell's startup files.");
}

/** Its faults are told by the check of the configuration alone. */
async function commandOf({ folders }: CheckContext): Promise<readonly string[] | undefined> {
  return readConfig(folders.configFile).then(
    ({ opencode }) => opencode.command,
    () => undefined,
  );
}

async function configurationFinding({ folders: { configFile } }: CheckContext): Promise<Finding> {
  await readConfig(configFile);
  const there = await access(configFile).then(
    () => true,
    () => false,
  );
  return ok(there ? configFile : `defaults (there is no ${configFile})`);
}

async function openCodeFinding(configured: readonly string[] | undefined, path: string | undefined): Promise<Finding> {
  const command = await findOpenCode({ configured, path });
  const version = await firstLineOf([...command, "--version"], path, versionTimeoutMs);
  checkVersion(version, supportedVersions);
  return ok(`OpenCode ${version} (${command.join(" ")})`);
}

function programCheck(
  name: string,
  command: readonly [string, ...string[]],
  next: string,
  pathOf: (context: CheckContext) => Promise<string | undefined>,
): Check {
  return {
    name,
    run: async (context) => {
      try {
        return ok(await firstLineOf(command, await pathOf(context), versionTimeoutMs));
      } catch (thrown) {
        return fail(`${name} does not run: ${thrown instanceof Error ? thrown.message : String(thrown)}`, next);
      }
    },
  };
}
