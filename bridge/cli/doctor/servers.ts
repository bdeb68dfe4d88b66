import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { endLeftovers, ProcessSet } from "../../adapters/opencode/launcher-leftovers";
import { deadLocks, locksFolder, removeDeadLocks } from "../../adapters/opencode/launcher-locks";
import { createProcesses } from "../../adapters/process/create-processes";
import { plural } from "../../figures";
import { OctoError } from "../../octo-error";
import type { ProcessIdentity } from "../../ports/processes";
import { type Check, type CheckContext, type Finding, ok, warn } from "./check";

/** A folder an instance; more than this are not looked at. */
const foldersMax = 200;

/** Servers of octo that its bridge does not know: of a database that was moved away, or of a bridge that died at the wrong moment. */
export const orphansCheck: Check = {
  name: "orphans",
  async run(context): Promise<Finding> {
    const folder = join(context.folders.state, "instances");
    const strangers = await strangersIn(folder, context);
    if (!strangers) return ok("not looked at, since the bridge does not run");
    const found = (await Promise.all(strangers.map((name) => processesOf(join(folder, name))))).flat();
    if (found.length === 0) return ok("no server of octo runs without its bridge's knowledge");
    const pids = found.map(({ pid }) => pid).join(", ");
    return warn(`of octo, and owned by no bridge: process ${pids}`, "Run `octo doctor --fix`, or end them yourself.", async () => {
      // A restored instance, or a bridge that has ended: what was a stranger's may no longer be.
      const still = new Set(await strangersIn(folder, context));
      for (const name of strangers.filter((each) => still.has(each)))
        await endLeftovers(processes(), new ProcessSet(), () => processesOf(join(folder, name)));
    });
  },
};

/**
 * Folders of instances that the bridge does not know. Servers outlive their bridge on purpose: only a bridge can tell which of them are its
 * own, so undefined without one. It is asked after the folders are listed, since it knows an instance before that has a folder.
 */
async function strangersIn(folder: string, context: CheckContext): Promise<readonly string[] | undefined> {
  const names = await readdir(folder).catch(() => []);
  const known = await knownInstances(context);
  return known && names.filter((name) => !known.has(name)).slice(0, foldersMax);
}

/** With one of them the first prompt of a server takes a minute. */
export const locksCheck: Check = {
  name: "locks",
  async run({ environment }) {
    const folder = locksFolder(environment);
    const dead = await deadLocks(folder, processes());
    if (dead.length === 0) return ok("no lock of a dead OpenCode is in the way");
    return warn(`${plural(dead.length, "lock")} of dead OpenCode processes in ${folder}`, "Run `octo doctor --fix`.", async () => {
      await removeDeadLocks(folder, processes());
    });
  },
};

const processes = () => createProcesses(process.platform);

/** The proof that a process is octo's: the database of that instance was put into its environment, where nobody else writes. */
function processesOf(instanceFolder: string): Promise<readonly ProcessIdentity[]> {
  return processes().findByEnvironment("OPENCODE_DB", join(instanceFolder, "opencode.db"));
}

async function knownInstances({ client }: CheckContext): Promise<ReadonlySet<string> | undefined> {
  try {
    const { instances } = await client.call("list_opencode_servers", {}, { timeoutMs: 5_000 });
    return new Set(instances.map(({ id }) => id));
  } catch (thrown) {
    if (thrown instanceof OctoError && thrown.code === "BRIDGE_NOT_RUNNING") return undefined;
    throw thrown;
  }
}
