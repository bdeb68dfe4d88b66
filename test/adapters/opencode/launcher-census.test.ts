import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { endLeftovers, ProcessSet } from "../../../bridge/adapters/opencode/launcher-leftovers";
import { removeDeadLocks } from "../../../bridge/adapters/opencode/launcher-locks";
import { createProcesses } from "../../../bridge/adapters/process/create-processes";
import type { Processes, ProcessIdentity } from "../../../bridge/ports/processes";
import { tempFolder } from "../../helpers/temp-folder";

const identityOf = (pid: number): ProcessIdentity => ({ pid, startTime: "1", bootId: "boot" });

test("who ends leftovers is none of them, also where they started it", async () => {
  const signalled: number[] = [];
  const processes: Processes = {
    ...createProcesses(process.platform),
    living: async (identities) => identities.filter(({ pid }) => !signalled.includes(pid)),
    descendants: async () => [identityOf(process.pid)],
    signal: async ({ pid }) => signalled.push(pid) > 0,
  };
  const found = [[identityOf(4_711)]];
  await endLeftovers(processes, new ProcessSet(), async () => found.pop() ?? []);
  expect(new Set(signalled)).toEqual(new Set([4_711]));
});

test("a lock that a living process took in the place of a dead one's is given back", async () => {
  await using folder = await tempFolder();
  const lock = join(folder.path, "a.lock");
  const own = async (pid: number): Promise<void> => writeFile(join(lock, "meta.json"), JSON.stringify({ pid, hostname: hostname() }));
  await mkdir(lock);
  await own(2 ** 30);
  const real = createProcesses(process.platform);
  const processes: Processes = {
    ...real,
    identify: async (pid) => {
      const found = await real.identify(pid);
      if (!found) await own(process.pid);
      return found;
    },
  };
  expect(await removeDeadLocks(folder.path, processes)).toBe(0);
  expect(await readdir(folder.path)).toEqual(["a.lock"]);
  expect(await readFile(join(lock, "meta.json"), "utf8")).toContain(String(process.pid));
});
