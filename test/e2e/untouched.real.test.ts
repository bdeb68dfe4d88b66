import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { digestWithout, type FolderDigest, folderDigest } from "../helpers/folder-digest";
import { type OctoWorld, octoWorld } from "../helpers/octo-world";
import { realOpenCode } from "../helpers/real-opencode-source";
import { ended, submit } from "./tasks";

// The user's repository, configuration and logins are the same before and after, whatever the state of the repository.

/** Makes one state of a fresh clone. */
const states: Readonly<Record<string, (world: OctoWorld, repository: string) => Promise<void>>> = {
  clean: async () => undefined,
  dirty: async (world, repository) => {
    await writeFile(join(repository, "a.txt"), "changed\n");
    await writeFile(join(repository, "untracked.txt"), "untracked\n");
    await writeFile(join(repository, "staged.txt"), "staged\n");
    await world.git("-C", repository, "add", "staged.txt");
  },
  detached: async (world, repository) => void (await world.git("-C", repository, "checkout", "--quiet", "--detach")),
  "without identity": async (world, repository) => {
    await world.git("-C", repository, "config", "--unset", "user.name");
    await world.git("-C", repository, "config", "--unset", "user.email");
  },
  "with hooks that refuse": async (_, repository) => {
    for (const name of ["pre-commit", "commit-msg", "post-checkout", "post-commit", "reference-transaction"]) {
      const hook = join(repository, ".git/hooks", name);
      await writeFile(hook, `#!/bin/sh\necho ${name} >> "${repository}/.git/hook-ran"\nexit 1\n`);
      await chmod(hook, 0o755);
    }
  },
  "with signing on": async (world, repository) => {
    await world.git("-C", repository, "config", "commit.gpgSign", "true");
    await world.git("-C", repository, "config", "gpg.program", "/bin/false");
  },
};

/** What a run may add below a repository: octo's branches with their logs, its worktrees, new objects; and OpenCode's own mark. */
const added = [/^\.git\/(logs\/)?refs\/heads\/octo(\/|$)/, /^\.git\/worktrees(\/|$)/, /^\.git\/objects\//, /^\.git\/opencode$/];
/** What OpenCode itself puts beside the user's configuration when it starts. */
const ofOpenCode = [/^\.gitignore$/, /^package(-lock)?\.json$/, /^node_modules(\/|$)/];

test("a run changes nothing of the user's", { timeout: 180_000 }, async () => {
  await using world = await octoWorld({ openCode: realOpenCode, start: false, config: { instances: { slots: 6 } } });
  const configuration = join(world.home, ".config/opencode");
  const data = join(world.home, ".local/share/opencode");
  // As it is once OpenCode was started by hand: it adds the `$schema` itself where that is missing (seen).
  await write(join(configuration, "opencode.json"), '{ "$schema": "https://opencode.ai/config.json", "username": "Ada" }\n');
  await write(join(configuration, "AGENTS.md"), "Be brief.\n");
  await write(join(data, "auth.json"), '{ "standin": { "type": "api", "key": "secret" } }\n');
  await chmod(join(data, "auth.json"), 0o600);
  const repositories = await makeRepositories(world);
  const digests = () => Promise.all(repositories.map(({ path }) => folderDigest(path)));
  const [before, configurationBefore, loginBefore] = [await digests(), await folderDigest(configuration), await folderDigest(data)];

  await world.startBridge();
  const prompt = "[[ensure:a.txt|two]] [[bash:git status --short > status.txt]] [[say:done]]";
  const tasks = await Promise.all(repositories.map(({ path }) => submit(world, prompt, { directory: path })));
  for (const task of tasks) expect((await ended(world, task)).branch?.files).toEqual(["a.txt", "status.txt"]);
  await world.client.call("shut_down", { all: true }, { timeoutMs: 60_000 });
  await world.bridge().ended;

  const after = await digests();
  for (const [index, { name }] of repositories.entries()) {
    expect(digestWithout(after[index] ?? {}, added), name).toEqual(digestWithout(before[index] ?? {}, added));
    expect(objectsOf(after[index] ?? {}), `${name}: objects`).toMatchObject(objectsOf(before[index] ?? {}));
  }
  expect(digestWithout(await folderDigest(configuration), ofOpenCode)).toEqual(configurationBefore);
  expect((await folderDigest(data))["auth.json"]).toBe(loginBefore["auth.json"]);
});

async function makeRepositories(world: OctoWorld): Promise<readonly { readonly name: string; readonly path: string }[]> {
  const made: { readonly name: string; readonly path: string }[] = [];
  for (const [name, make] of Object.entries(states)) {
    const path = join(world.folder, name.replaceAll(" ", "-"));
    await world.git("clone", "--quiet", "--no-hardlinks", world.repository, path);
    await world.git("-C", path, "config", "user.name", "Ada");
    await world.git("-C", path, "config", "user.email", "ada@example.org");
    await make(world, path);
    made.push({ name, path });
  }
  return made;
}

/** Without times: git freshens an object that it would write again. */
function objectsOf(digest: FolderDigest): FolderDigest {
  const objects = Object.entries(digest).filter(([path]) => path.startsWith(".git/objects/"));
  return Object.fromEntries(objects.map(([path, found]) => [path, found.replace(/ @[\d.]+/, "")]));
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, text);
}
