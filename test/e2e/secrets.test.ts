import { readdirSync, readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { octoFolders } from "../../bridge/folders";
import { eventually } from "../helpers/eventually";
import { octoWorld } from "../helpers/octo-world";
import { ended, spawned, submit } from "./tasks";

// Linux tells the environment of every process in /proc.
test.runIf(process.platform === "linux")(
  "no secret is in logs, store, answers, arguments or the environment of what needs none",
  async () => {
    const planted = { env: "planted-in-env-1234", file: "planted-in-file-5678", login: "planted-in-login-9012" };
    const echoed = "stand-in was told to fail";
    await using world = await octoWorld({ start: false, environment: { ANTHROPIC_API_KEY: planted.login } });
    const envFile = join(world.folder, "keys");
    await writeFile(envFile, `FILE_API_KEY=${planted.file}\n`);
    // The user's own programs tell what they were given.
    const given = join(world.folder, "given");
    const tell = ["sh", "-c", `{ env; cat; printf '%s ' "$@"; } >>'${given}'`, "sh"];
    await world.configure({
      opencode: { env: { ...world.openCode.environment, CONFIG_API_KEY: planted.env, ECHOED_API_KEY: echoed }, envFile },
      hooks: [{ on: "*", run: tell }],
      notify: { command: tell, quietUnderMs: 0 },
    });
    await world.startBridge();
    const { pid, id } = await spawned(world);
    const server = environOf(pid ?? 0);
    for (const secret of Object.values(planted)) expect(server).toContain(secret);
    const password = /OPENCODE_SERVER_PASSWORD=([^\0]+)/.exec(server)?.[1] ?? "";
    expect(password).toHaveLength(32);
    const secrets = [...Object.values(planted), password];

    const { state } = octoFolders(world.environment);
    await world.gitGate.closeFor("worktree");
    const task = await submit(world, `[[write:a.txt|x]] [[say:done]]`);
    const git = environOf(await world.gitGate.reached());
    expect(git).toContain("OCTO_GIT=");
    await world.gitGate.open();
    await ended(world, task);
    await ended(world, await submit(world, "[[status:401:9]]"), "failed");

    const userPrograms = await eventually(async () => {
      const text = await readFile(given, "utf8");
      for (const told of ["task.started", "task.succeeded", "octo: task failed"]) expect(text).toContain(told);
      return text;
    });
    const places: Readonly<Record<string, string>> = {
      git,
      "hooks and the notifier": userPrograms,
      log: world.bridge().log(),
      arguments: (await execa("ps", ["-eo", "args"])).stdout,
      files: filesIn(state).join("\n"),
      metrics: await world.client.metrics(),
      answers: JSON.stringify([
        await world.client.call("get_snapshot", {}),
        await world.client.call("list_tasks", { all: true }),
        await world.client.call("list_opencode_servers", {}),
        await world.client.call("instance_log", { instanceId: id }),
        await world.client.call("why_task", { taskId: task.id }),
      ]),
    };
    // A provider's refusal that holds a key: as the server has it, and nowhere in what octo makes of it.
    const told = { answers: places.answers, programs: userPrograms, database: databaseOf(state), log: places.log };
    for (const [place, text = ""] of Object.entries(told)) expect(text.includes(echoed), `a provider's words in ${place}`).toBe(false);
    expect(places.answers).toContain("(secret)");
    for (const [place, text] of Object.entries(places)) {
      expect(text.length, place).toBeGreaterThan(0);
      for (const secret of secrets) expect(text.includes(secret), `${secret} in ${place}`).toBe(false);
    }
  },
);

function environOf(pid: number): string {
  return readFileSync(`/proc/${pid}/environ`, "latin1");
}

/** With the part of it that is still in its log. */
function databaseOf(folder: string): string {
  const names = readdirSync(folder).filter((name) => name.startsWith("octo.db"));
  expect(names).toContain("octo.db");
  return names.map((name) => readFileSync(join(folder, name), "latin1")).join("\n");
}

/** Database, logs, worktrees and all: everything that octo wrote. */
function filesIn(folder: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((file) => readFileSync(join(file.parentPath, file.name), "latin1"));
}
