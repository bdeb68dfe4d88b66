import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { InstanceId } from "../../../shared/ids";
import { OctoError } from "../../octo-error";

/** The files of one instance; they outlive its incarnations. */
export interface InstanceFolder {
  readonly root: string;
  /** The server's working directory: neutral and empty, so that no project's configuration applies to it. */
  readonly workingDirectory: string;
  readonly database: string;
  readonly stdoutFile: string;
  readonly stderrFile: string;
}

export function instanceFolder(instancesFolder: string, instanceId: InstanceId): InstanceFolder {
  if (!/^[\w-]+$/.test(instanceId)) throw new OctoError("INTERNAL", `"${instanceId}" is no instance id.`);
  const root = join(instancesFolder, instanceId);
  return {
    root,
    workingDirectory: join(root, "empty"),
    database: join(root, "opencode.db"),
    stdoutFile: join(root, "stdout.log"),
    stderrFile: join(root, "stderr.log"),
  };
}

/** Makes the folders, for this user only: the database holds whole conversations. */
export async function makeInstanceFolder(folder: InstanceFolder): Promise<void> {
  await mkdir(folder.workingDirectory, { recursive: true, mode: 0o700 });
}
