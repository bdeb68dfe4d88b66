import { randomBytes } from "node:crypto";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { OctoWorld, WorldOptions } from "../helpers/octo-world";

/** One secret of its own in each place where a person keeps them. */
export interface Planted {
  /** A key in the environment of the person's shell. */
  readonly login: string;
  /** In a URL there, as proxies and mirrors are given. */
  readonly loginUrl: string;
  /** `opencode.env`. */
  readonly env: string;
  /** A provider's key inside of a JSON text there (OPENCODE_CONFIG_CONTENT). */
  readonly nested: string;
  /** In a URL there. */
  readonly envUrl: string;
  /** `opencode.envFile`. */
  readonly envFile: string;
  /** In the URL of the repository's remote. */
  readonly remoteUrl: string;
}

const secret = (name: string): string => `planted-${name}-${randomBytes(6).toString("hex")}`;

export function plant(): Planted {
  return {
    ...{ login: secret("login"), loginUrl: secret("login-url"), env: secret("env"), nested: secret("nested") },
    ...{ envUrl: secret("env-url"), envFile: secret("env-file"), remoteUrl: secret("remote-url") },
  };
}

/** The environment of the bridge. */
export function loginEnvironment({ login, loginUrl }: Planted): Readonly<Record<string, string>> {
  return { ANTHROPIC_API_KEY: login, MIRROR: `https://ada:${loginUrl}@mirror.invalid/npm` };
}

/** Where programs that the person configured write down the environment and arguments that they got. */
export interface Witnesses {
  readonly folder: string;
  readonly hook: readonly string[];
  readonly notifier: readonly string[];
  readonly setup: string;
}

/** Programs that tell what they were given, and an ssh in the world's PATH that does too. */
export async function makeWitnesses(world: OctoWorld): Promise<Witnesses> {
  const folder = join(world.folder, "witnesses");
  const told = (name: string) => `{ env; tr '\\0' '\\n' </proc/$$/environ; printf '%s\\n' "$@"; } >>'${folder}-${name}' 2>&1`;
  const ssh = join(world.folder, "bin/ssh");
  await writeFile(ssh, `#!/bin/sh\n${told("ssh")}\nexec /usr/bin/ssh "$@"\n`);
  await chmod(ssh, 0o755);
  return {
    folder,
    hook: ["sh", "-c", `${told("hook")}; cat >>'${folder}-hook'; env`, "sh"],
    notifier: ["sh", "-c", told("notifier"), "sh"],
    setup: `${told("setup")}; env`,
  };
}

/** Sections of the configuration with the secrets in them. */
export async function secretConfig(world: OctoWorld, planted: Planted, witnesses: Witnesses): Promise<NonNullable<WorldOptions["config"]>> {
  const envFile = join(world.folder, "keys");
  await writeFile(envFile, `FILE_API_KEY=${planted.envFile}\n`);
  return {
    opencode: {
      env: {
        ...withKey(world.openCode.environment, planted.nested),
        CONFIG_API_KEY: planted.env,
        REGISTRY: `https://ada:${planted.envUrl}@registry.invalid/`,
      },
      envFile,
    },
    hooks: [{ on: "*", run: witnesses.hook }],
    notify: { on: ["*"], command: witnesses.notifier, quietUnderMs: 0 },
    projects: { [world.repository]: { setup: witnesses.setup } },
  };
}

/** A provider's key in OpenCode's own configuration, which octo hands on as it is. */
function withKey(environment: Readonly<Record<string, string>>, key: string): Readonly<Record<string, string>> {
  const text = environment.OPENCODE_CONFIG_CONTENT ?? "{}";
  const config: unknown = JSON.parse(text);
  const provider = {
    planted: { npm: "@ai-sdk/openai-compatible", options: { baseURL: "http://127.0.0.1:9/v1", apiKey: key }, models: {} },
  };
  const known = typeof config === "object" && config !== null ? config : {};
  const providers = "provider" in known && typeof known.provider === "object" ? known.provider : {};
  return { ...environment, OPENCODE_CONFIG_CONTENT: JSON.stringify({ ...known, provider: { ...providers, ...provider } }) };
}
