import type { HelloResult } from "../shared/protocol";
import { protocolVersion } from "../shared/protocol";
import type { BridgeView } from "../shared/snapshot";
import { acquireLock } from "./adapters/storage/instance-lock";
import { type Door, openDoor } from "./api/door";
import { ensurePrivateFolder, type Folders, octoFolders } from "./folders";
import { Releases } from "./releases";
import { octoVersion } from "./version";

/** What makes a process the bridge: the lock, and the socket where it says hello. */
export interface Place {
  readonly folders: Folders;
  readonly door: Door;
  readonly bridge: Omit<BridgeView, "storeError">;
  /** Of the door and the lock; for what else the bridge acquires. */
  readonly releases: Releases;
}

/**
 * The first part of a start, before all that takes long. Undefined when another bridge holds the lock. The errors of the private folders,
 * of the lock and of the socket.
 */
export async function takePlace(environment: Readonly<Record<string, string | undefined>>): Promise<Place | undefined> {
  const folders = octoFolders(environment);
  await ensurePrivateFolder(folders.state);
  await ensurePrivateFolder(folders.runtime);
  const lock = acquireLock(folders.lockFile);
  if (!lock) return undefined;
  const releases = new Releases();
  releases.add(() => lock.release());
  const bridge = { version: octoVersion, pid: process.pid, startedAtEpochMs: Date.now() };
  const hello = (): HelloResult => ({ protocol: protocolVersion, bridge });
  try {
    const door = await openDoor({ socketPath: folders.socketFile, hello });
    releases.add(() => door.close());
    return { folders, door, bridge, releases };
  } catch (thrown) {
    await releases.releaseAll();
    throw thrown;
  }
}
