import { chmod, lstat, rm, statfs } from "node:fs/promises";
import { connect } from "node:net";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { protocolVersion } from "../../../shared/protocol";
import { showAge, showBytes } from "../../figures";
import { systemErrorCode } from "../../system-error-code";
import { octoVersion } from "../../version";
import { helloIfRunning } from "../hello-if-running";
import { compareVersions } from "../versions";
import { type Check, type Finding, fail, ok, warn } from "./check";

/** Room for worktrees and instances' databases; below it nothing large should be begun. */
const freeBytesWarn = 2 * 1024 * 1024 * 1024;
const freeBytesFail = 256 * 1024 * 1024;
const connectTimeoutMs = 2_000;
const refusedTwicePauseMs = 500;

export const stateFolderCheck: Check = { name: "state folder", run: ({ folders }) => folderFinding(folders.state) };

export const runtimeFolderCheck: Check = { name: "runtime folder", run: ({ folders }) => folderFinding(folders.runtime) };

async function folderFinding(path: string): Promise<Finding> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return ok(`${path} (made at the first start)`);
  if (!found.isDirectory()) return fail(`${path} is no folder`, "Move it away.");
  if (found.uid !== process.getuid?.()) return fail(`${path} belongs to user ${found.uid}`, "Set XDG_STATE_HOME to a folder of your own.");
  const mode = (found.mode & 0o777).toString(8);
  // What is in it may be theirs: to close it would be to trust that.
  if ((found.mode & 0o022) !== 0)
    return fail(`${path} has mode ${mode}: others can write into it`, `See that nothing in it is theirs, then run: chmod 700 ${path}`);
  return mode === "700"
    ? ok(`${path}, yours, mode 700`)
    : warn(`${path} has mode ${mode}`, `Run: chmod 700 ${path}`, () => chmod(path, 0o700));
}

export const socketCheck: Check = {
  name: "socket",
  async run({ folders: { socketFile } }) {
    const found = await lstat(socketFile).catch(() => undefined);
    if (!found) return ok(`${socketFile} (made at the first start)`);
    if (!found.isSocket()) return fail(`${socketFile} is no socket`, "Move it away.");
    if (found.uid !== process.getuid?.()) return fail(`${socketFile} belongs to user ${found.uid}`, "Ask that user to remove it.");
    const mode = (found.mode & 0o777).toString(8);
    if (mode !== "600") return fail(`${socketFile} has mode ${mode}`, "Run `octo down` and `octo up`.");
    if (await isStale(socketFile))
      return warn(`${socketFile} was left by a bridge that died`, "Run `octo up`: it makes a new one.", async () => {
        // Meanwhile a bridge may have started.
        if (await isStale(socketFile)) await rm(socketFile, { force: true });
      });
    return ok(`${socketFile}, yours, mode 600`);
  },
};

/** Nobody listens, twice: between its two steps to listen a bridge that starts refuses for a moment. */
async function isStale(socketFile: string): Promise<boolean> {
  if (!(await refuses(socketFile))) return false;
  await pause(refusedTwicePauseMs);
  return refuses(socketFile);
}

function refuses(socketFile: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketFile);
    const settle = (refused: boolean): void => {
      socket.destroy();
      resolve(refused);
    };
    socket.setTimeout(connectTimeoutMs, () => settle(false));
    socket.once("connect", () => settle(false));
    socket.once("error", (failure) => settle(systemErrorCode(failure) === "ECONNREFUSED"));
  });
}

export const bridgeCheck: Check = {
  name: "bridge",
  async run({ client }) {
    const hello = await helloIfRunning(client);
    if (!hello) return warn("the bridge is not running", "Start it with `octo up`.");
    const { bridge } = hello;
    const order = compareVersions(bridge.version, octoVersion);
    if (order < 0) return warn(`the bridge is version ${bridge.version}, this octo ${octoVersion}`, "Run `octo up`: it takes over.");
    if (order > 0) return warn(`the bridge is version ${bridge.version}, this octo ${octoVersion}`, "Update this octo.");
    if (bridge.storeError !== undefined)
      return fail(`its store refuses writes: ${bridge.storeError}`, "Free disk space, then see the log.");
    const age = showAge(Date.now() - bridge.startedAtEpochMs);
    return ok(`version ${bridge.version}, protocol ${protocolVersion}, pid ${bridge.pid}, running for ${age}`);
  },
};

export const diskCheck: Check = {
  name: "disk space",
  async run({ folders }) {
    const place = await nearestExisting(folders.state);
    const { bavail, bsize } = await statfs(place);
    const free = bavail * bsize;
    const what = `${showBytes(free)} free at ${place}`;
    if (free < freeBytesFail) return fail(what, "Free some space: nothing new is accepted on a full disk.");
    return free < freeBytesWarn ? warn(what, "Free some space: worktrees and sessions need it.") : ok(what);
  },
};

async function nearestExisting(path: string): Promise<string> {
  let place = path;
  while (place !== dirname(place)) {
    if (await lstat(place).catch(() => undefined)) return place;
    place = dirname(place);
  }
  return place;
}
