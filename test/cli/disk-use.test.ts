import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { createClient } from "../../bridge/cli/client";
import { diskUseCheck } from "../../bridge/cli/doctor/disk-use";
import { octoFolders } from "../../bridge/folders";
import { tempFolder } from "../helpers/temp-folder";

const mebibyte = 1024 * 1024;

test("doctor counts worktrees, databases, logs and snapshots, and names what was moved aside", async () => {
  await using folder = await tempFolder();
  const environment = { HOME: folder.path, XDG_RUNTIME_DIR: join(folder.path, "run") };
  const folders = octoFolders(environment);
  const write = async (path: string, mebibytes: number): Promise<void> => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, Buffer.alloc(mebibytes * mebibyte, 1));
  };
  await write(join(folders.state, "octo.db"), 1);
  await write(join(folders.state, "instances/ins_a/opencode.db-wal"), 2);
  await write(join(folders.state, "instances/ins_a/stderr.log.old"), 3);
  await write(join(folders.state, "worktrees/0f/ins_a-0/node_modules/deep/file"), 4);
  await write(join(folder.path, ".local/share/opencode/snapshot/p/pack"), 5);
  const context = { environment, folders, client: createClient(folders.socketFile) };
  const finding = await diskUseCheck.run(context);
  expect(finding).toEqual({
    status: "ok",
    what: expect.stringMatching(/^1 worktree 4 MiB, databases 3 MiB, logs 3 MiB, OpenCode's snapshots 5 MiB$/),
  });
  await mkdir(join(folders.state, "worktrees/0f/saved/ins_a-0-1"), { recursive: true });
  expect(await diskUseCheck.run(context)).toMatchObject({ status: "warn", what: expect.stringContaining("1 folder moved aside") });
});
