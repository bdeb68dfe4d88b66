import { readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { findOpenCode } from "../../adapters/opencode/launcher-binary";
import { checkVersion, supportedVersions } from "../../adapters/opencode/launcher-version";
import { captureLoginEnvironment, type LoginEnvironment } from "../../adapters/process/login-environment";
import type { Config } from "../../config/config";
import { readEnvFile } from "../../config/env-file";
import { readConfig } from "../../config/read-config";
import { helloIfRunning } from "../hello-if-running";
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

/** The programs are looked for with the PATH that instances get, and keys among what they get. */
export function programChecks(): readonly Check[] {
  let captured: Promise<LoginEnvironment> | undefined;
  const login = (context: CheckContext): Promise<LoginEnvironment> => {
    captured ??= instancesEnvironment(context);
    return captured;
  };
  const pathOf = async (context: CheckContext): Promise<string | undefined> => (await login(context)).environment.PATH;
  return [
    { name: "configuration", run: configurationFinding },
    { name: "environment", run: async (context) => environmentFinding(await login(context)) },
    { name: "opencode", run: async (context) => openCodeFinding((await openCodeSection(context))?.command, await pathOf(context)) },
    { name: "logins", run: async (context) => loginFinding((await login(context)).environment) },
    programCheck("git", ["git", "--version"], "Install git; without it tasks run only with --in-place.", pathOf),
    programCheck("curl", ["curl", "--version"], "Install curl; the WezTerm plugin speaks to the bridge through it.", pathOf),
    optionalCheck("ssh", ["ssh", "-V"], "Install OpenSSH's client (`ssh`), if tasks are to run on other machines.", pathOf),
    optionalCheck("wezterm", ["wezterm", "--version"], "Nothing to do, unless you want panes and keys: then install WezTerm.", pathOf),
  ];
}

async function instancesEnvironment(context: CheckContext): Promise<LoginEnvironment> {
  const { environment: own } = context;
  const opencode = await openCodeSection(context);
  const found: LoginEnvironment =
    opencode?.loginShell === false
      ? { environment: own, source: "fallback" }
      : await captureLoginEnvironment({ shell: own.SHELL, fallback: own, deadlineMs: captureDeadlineMs });
  // A file that cannot be read is told by the check of the configuration alone.
  const ofFile = await readEnvFile(opencode?.envFile, own.HOME).catch(() => ({}));
  return { ...found, environment: { ...found.environment, ...ofFile, ...opencode?.env } };
}

function environmentFinding({ environment, source, reason }: LoginEnvironment): Finding {
  const variables = `${Object.keys(environment).length} variables, ${(environment.PATH ?? "").split(":").length} folders in PATH`;
  if (source === "login-shell") return ok(`instances get the environment of your login shell: ${variables}`);
  if (reason === undefined)
    return ok(`instances get the environment that the bridge is started in (opencode.loginShell is off): ${variables}`);
  return warn(`instances get this program's environment: ${reason}`, "Check $SHELL and your shell's startup files.");
}

/** Its faults are told by the check of the configuration alone. */
async function openCodeSection({ folders }: CheckContext): Promise<Config["opencode"] | undefined> {
  return readConfig(folders.configFile).then(
    ({ opencode }) => opencode,
    () => undefined,
  );
}

async function configurationFinding({ folders: { configFile }, client, environment }: CheckContext): Promise<Finding> {
  const config = await readConfig(configFile);
  await readEnvFile(config.opencode.envFile, environment.HOME);
  const found = await stat(configFile).catch(() => undefined);
  if (!found) return ok(`defaults (there is no ${configFile})`);
  if (Object.keys(config.opencode.env).length > 0 && (found.mode & 0o077) !== 0)
    return warn(`${configFile} holds opencode.env, and others may read it`, `Run: chmod 600 ${configFile}`);
  const hello = await helloIfRunning(client).catch(() => undefined);
  if (hello && found.mtimeMs > hello.bridge.startedAtEpochMs)
    return warn(`${configFile} was changed after the bridge had read it`, "Run `octo down` and `octo up` to let it count.");
  return ok(configFile);
}

/** Names alone: what they hold is nobody's business here. */
async function loginFinding(environment: Readonly<Record<string, string>>): Promise<Finding> {
  const data = environment.XDG_DATA_HOME || join(environment.HOME || homedir(), ".local/share");
  const file = join(data, "opencode/auth.json");
  const stored: unknown = await readFile(file, "utf8")
    .then(JSON.parse)
    .catch(() => undefined);
  const logins = typeof stored === "object" && stored !== null ? Object.keys(stored) : [];
  const keys = Object.keys(environment).filter((name) => /^[A-Z][A-Z0-9_]*_API_KEY$/.test(name));
  const all = [...logins, ...keys].map((name) => name.slice(0, 60));
  if (all.length > 0) return ok(`OpenCode can use ${all.slice(0, 12).join(", ")}`);
  return warn(`no login in ${file}, and no key in the environment`, "Run `opencode auth login`, unless your models need none.");
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
        return ok((await firstLineOf(command, await pathOf(context), versionTimeoutMs)).slice(0, 60));
      } catch (thrown) {
        return fail(`${name} does not run: ${thrown instanceof Error ? thrown.message : String(thrown)}`, next);
      }
    },
  };
}

/** What octo needs for a part of its work only. */
function optionalCheck(...args: Parameters<typeof programCheck>): Check {
  const check = programCheck(...args);
  return {
    name: check.name,
    run: async (context) => {
      const finding = await check.run(context);
      return finding.status === "ok" ? finding : warn(finding.what, finding.next);
    },
  };
}
