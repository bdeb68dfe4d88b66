import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { Environment } from "../adapters/process/login-environment";
import { quietEnvironment, standInConfig } from "./stand-in/config";
import { type StandIn, startStandIn } from "./stand-in/server";

const gitTimeoutMs = 30_000;

/** A machine of its own for the demo: home, folders, configuration, repository, and a model on loopback. */
export interface DemoWorld {
  readonly folder: string;
  readonly repository: string;
  readonly environment: Environment;
  readonly standIn: StandIn;
  git(...args: readonly string[]): Promise<string>;
  /** Stops the model; with `remove` the folder goes too. */
  close(options: { readonly remove: boolean }): Promise<void>;
}

/** Nothing of the user's is read or written but their PATH (to find `opencode` and git). */
export async function makeDemoWorld(own: Environment, topics: readonly string[], slots: number): Promise<DemoWorld> {
  const folder = await mkdtemp(join(tmpdir(), "octo-demo-"));
  const standIn = await startStandIn();
  const repository = join(folder, "notes");
  const environment = demoEnvironment(own, folder);
  const git = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await execa("git", args, { cwd: repository, env: environment, extendEnv: false, timeout: gitTimeoutMs });
    return stdout;
  };
  await mkdir(join(folder, "config", "octo"), { recursive: true });
  const config = {
    opencode: { loginShell: false, env: { ...quietEnvironment(), OPENCODE_CONFIG_CONTENT: JSON.stringify(standInConfig(standIn.url)) } },
    instances: { slots },
  };
  await writeFile(join(folder, "config", "octo", "config.json"), JSON.stringify(config), { mode: 0o600 });
  await mkdir(repository);
  await git("init", "--quiet", "--initial-branch", "main");
  for (const topic of topics) await writeFile(join(repository, `${topic}.md`), `# ${topic}\n\nWritten by a person.\n`);
  await git("add", ".");
  await git("-c", "user.name=Demo", "-c", "user.email=demo@example.invalid", "commit", "--quiet", "--message", "Notes");
  return {
    folder,
    repository,
    environment,
    standIn,
    git,
    async close({ remove }) {
      await standIn.stop();
      // Servers that just ended may still be writing their last bytes.
      if (remove) await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}

function demoEnvironment(own: Environment, folder: string): Environment {
  return {
    PATH: own.PATH ?? "/usr/local/bin:/usr/bin:/bin",
    HOME: join(folder, "home"),
    LANG: own.LANG ?? "C.UTF-8",
    XDG_CONFIG_HOME: join(folder, "config"),
    XDG_DATA_HOME: join(folder, "data"),
    XDG_CACHE_HOME: join(folder, "cache"),
    XDG_STATE_HOME: join(folder, "state"),
    XDG_RUNTIME_DIR: folder,
  };
}
