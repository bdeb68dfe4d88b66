import { access, rm, writeFile } from "node:fs/promises";
import { ensurePrivateFolder, type Folders } from "../folders";

/** Keeps `octo up --auto`, which the plugin calls, from starting the bridge again until a person does. */
export async function holdDown(folders: Folders): Promise<void> {
  await ensurePrivateFolder(folders.state);
  await writeFile(folders.heldDownFile, "octo down was asked for; octo up ends it\n", { mode: 0o600 });
}

/** A person wants the bridge. Idempotent. */
export async function endHoldDown(folders: Folders): Promise<void> {
  await rm(folders.heldDownFile, { force: true });
}

export async function isHeldDown(folders: Folders): Promise<boolean> {
  return access(folders.heldDownFile).then(
    () => true,
    () => false,
  );
}
