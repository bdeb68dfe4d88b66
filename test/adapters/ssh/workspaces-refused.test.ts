import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sshdMissing } from "../../helpers/sshd";
import type { TestRepository } from "../git/test-repository";
import { createWorkspaceWorld, type WorkspaceWorld } from "./workspace-world";

describe.skipIf(sshdMissing)("worktrees on a host", () => {
  let world: WorkspaceWorld;
  let repository: TestRepository;

  beforeEach(async () => {
    world = await createWorkspaceWorld();
    ({ repository } = world);
  });
  afterEach(() => world.close());

  test("are HOST_PATH_INVALID where the clone is none", async () => {
    const nowhere = world.workspacesOf(world.openAs({ paths: { [repository.root]: "/nowhere" } }));
    await expect(nowhere.prepare(repository.request())).rejects.toMatchObject({ code: "HOST_PATH_INVALID" });
  });

  test("are refused for shallow and partial clones, LFS and submodules", async () => {
    const workspaces = world.workspacesOf(world.openAs({}));
    const refused = async (root: string) => {
      const base = await repository.git(root, "rev-parse", "HEAD");
      await expect(workspaces.prepare(repository.request({ repository: root, base }))).rejects.toMatchObject({
        code: "HOST_REPOSITORY_UNSUPPORTED",
      });
    };
    const at = (name: string) => join(repository.folder, name);
    const commit = ["-c", "user.name=x", "-c", "user.email=x@x", "-c", "protocol.file.allow=always"];
    await repository.git(repository.folder, "clone", "--quiet", "--depth", "1", `file://${repository.root}`, at("shallow"));
    await refused(at("shallow"));
    await repository.git(repository.root, "clone", "--quiet", repository.root, at("partial"));
    await repository.git(at("partial"), "config", "remote.origin.promisor", "true");
    await refused(at("partial"));
    await repository.git(repository.root, "clone", "--quiet", repository.root, at("lfs"));
    await mkdir(at("lfs/data"));
    await writeFile(at("lfs/data/.gitattributes"), "*.bin filter=lfs diff=lfs merge=lfs -text\n");
    await repository.git(at("lfs"), "add", "--all");
    await repository.git(at("lfs"), ...commit, "commit", "--quiet", "-m", "lfs");
    await refused(at("lfs"));
    await repository.git(repository.root, "clone", "--quiet", repository.root, at("modules"));
    await repository.git(at("modules"), ...commit, "submodule", "--quiet", "add", repository.root, "module");
    await repository.git(at("modules"), ...commit, "commit", "--quiet", "-m", "module");
    await refused(at("modules"));
  });
});
