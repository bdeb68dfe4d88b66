import { once } from "node:events";
import { chmod, chown, lstat, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createClient } from "../../bridge/cli/client";
import { checkSocketIsOurs, ensurePrivateFolder, octoFolders } from "../../bridge/folders";
import { tempFolder } from "../helpers/temp-folder";
import { typescriptChild } from "../helpers/typescript-child";

const isRoot = process.getuid?.() === 0;

describe("octoFolders", () => {
  it("follows the XDG variables", () => {
    const environment = { HOME: "/home/ann", XDG_RUNTIME_DIR: "/run/user/7", XDG_STATE_HOME: "/var/ann", XDG_CONFIG_HOME: "/etc/ann" };
    expect(octoFolders(environment)).toEqual({
      runtime: "/run/user/7/octo",
      state: "/var/ann/octo",
      config: "/etc/ann/octo",
      socketFile: "/run/user/7/octo/bridge.sock",
      lockFile: "/run/user/7/octo/bridge.lock",
      configFile: "/etc/ann/octo/config.json",
      logFile: "/var/ann/octo/bridge.log",
      lastWordsFile: "/var/ann/octo/bridge.stderr",
      heldDownFile: "/var/ann/octo/held-down",
      panesFile: "/var/ann/octo/panes.json",
      spool: "/run/user/7/octo/spool",
    });
  });

  it("falls back to the home folder, and to the state folder for what belongs to a run", () => {
    expect(octoFolders({ HOME: "/home/ann" })).toMatchObject({
      runtime: "/home/ann/.local/state/octo",
      state: "/home/ann/.local/state/octo",
      config: "/home/ann/.config/octo",
      socketFile: "/home/ann/.local/state/octo/bridge.sock",
    });
  });

  it.each(["", "relative/path", "./here"])("takes the XDG path %j for unset", (path) => {
    const environment = { HOME: "/home/ann", XDG_RUNTIME_DIR: path, XDG_STATE_HOME: path, XDG_CONFIG_HOME: path };
    expect(octoFolders(environment)).toEqual(octoFolders({ HOME: "/home/ann" }));
  });

  it("asks the system for the home folder when the environment has none", () => {
    expect(octoFolders({}).config).toBe(join(homedir(), ".config", "octo"));
  });

  it("refuses a socket path above 100 bytes, counted in bytes, and names it", () => {
    const rest = "/octo/bridge.sock".length;
    const fits = `/${"x".repeat(99 - rest)}`;
    expect(octoFolders({ HOME: "/h", XDG_RUNTIME_DIR: fits }).socketFile).toHaveLength(100);
    const error = expect.objectContaining({ code: "SOCKET_PATH_TOO_LONG", message: expect.stringContaining("101 bytes") });
    expect(() => octoFolders({ HOME: "/h", XDG_RUNTIME_DIR: `${fits}x` })).toThrow(error);
    expect(() => octoFolders({ HOME: "/h", XDG_RUNTIME_DIR: `${fits.slice(0, -1)}é` })).toThrow(error);
  });
});

describe("ensurePrivateFolder", () => {
  const modeOf = async (path: string) => (await lstat(path)).mode & 0o777;

  it("creates the folder and its parents for us alone, and may be called again", async () => {
    await using folder = await tempFolder();
    const path = join(folder.path, "a", "b");
    await ensurePrivateFolder(path);
    await ensurePrivateFolder(path);
    expect([await modeOf(path), await modeOf(join(folder.path, "a"))]).toEqual([0o700, 0o700]);
  });

  it.each([0o755, 0o750, 0o500])("closes a folder of ours that others could read: mode %i", async (mode) => {
    await using folder = await tempFolder();
    await chmod(folder.path, mode);
    await ensurePrivateFolder(folder.path);
    expect(await modeOf(folder.path)).toBe(0o700);
  });

  it.each([0o777, 0o770, 0o1777, 0o702])("refuses a folder that others could write to, and leaves it: mode %i", async (mode) => {
    await using folder = await tempFolder();
    await chmod(folder.path, mode);
    await expect(ensurePrivateFolder(folder.path)).rejects.toMatchObject({ code: "STATE_FOLDER_OPEN" });
    expect(await modeOf(folder.path)).toBe(mode & 0o777);
  });

  it("refuses a symbolic link, even to a folder of ours, and leaves its target as it is", async () => {
    await using folder = await tempFolder();
    const target = join(folder.path, "target");
    await mkdir(target);
    await chmod(target, 0o755);
    await symlink(target, join(folder.path, "link"));
    await symlink(join(folder.path, "nowhere"), join(folder.path, "dangling"));
    for (const name of ["link", "dangling"]) {
      await expect(ensurePrivateFolder(join(folder.path, name))).rejects.toMatchObject({ code: "STATE_FOLDER_FOREIGN" });
    }
    expect(await modeOf(target)).toBe(0o755);
  });

  it("refuses a file in the folder's place, and below a file", async () => {
    await using folder = await tempFolder();
    const file = join(folder.path, "file");
    await writeFile(file, "");
    for (const path of [file, join(file, "below")]) {
      await expect(ensurePrivateFolder(path)).rejects.toMatchObject({ code: "STATE_FOLDER_FOREIGN" });
    }
  });

  it.runIf(isRoot)("refuses another user's folder and does not touch it", async () => {
    await using folder = await tempFolder();
    const path = join(folder.path, "theirs");
    await mkdir(path, { mode: 0o755 });
    await chown(path, 12_345, 12_345);
    await expect(ensurePrivateFolder(path)).rejects.toMatchObject({
      code: "STATE_FOLDER_FOREIGN",
      message: expect.stringContaining("12345"),
    });
    expect(await modeOf(path)).toBe(0o755);
  });

  it("refuses a place where we may not write", async () => {
    await using folder = await tempFolder();
    await chmod(folder.path, 0o555);
    await using child = typescriptChild("test/fixtures/private-folder.ts", [join(folder.path, "state"), ...(isRoot ? ["12345"] : [])]);
    expect(await child.line(() => true)).toBe(`${isRoot ? 12_345 : process.getuid?.()}: STATE_FOLDER_FOREIGN`);
    expect(await readdir(folder.path)).toEqual([]);
    await chmod(folder.path, 0o700);
  });
});

describe("checkSocketIsOurs", () => {
  const socketIn = async (folder: string): Promise<{ readonly path: string; close(): Promise<void> }> => {
    const path = join(folder, "bridge.sock");
    const server = createServer().listen(path);
    await once(server, "listening");
    return { path, close: () => new Promise((resolve) => server.close(() => resolve())) };
  };

  it("lets a client speak to a socket of its own in a folder of its own, and find none", async () => {
    await using folder = await tempFolder();
    await checkSocketIsOurs(join(folder.path, "none", "bridge.sock"));
    const socket = await socketIn(folder.path);
    await checkSocketIsOurs(socket.path);
    await socket.close();
  });

  it("refuses a folder in which others could have put the socket", async () => {
    await using folder = await tempFolder();
    const socket = await socketIn(folder.path);
    await chmod(folder.path, 0o777);
    await expect(checkSocketIsOurs(socket.path)).rejects.toMatchObject({ code: "STATE_FOLDER_OPEN" });
    await socket.close();
  });

  it.runIf(isRoot)("refuses another user's socket, and ours in another user's folder", async () => {
    await using folder = await tempFolder();
    const socket = await socketIn(folder.path);
    const foreign = { code: "SOCKET_FOREIGN", message: expect.stringContaining("12345") };
    await chown(socket.path, 12_345, 12_345);
    await expect(checkSocketIsOurs(socket.path)).rejects.toMatchObject(foreign);
    await expect(createClient(socket.path).hello()).rejects.toMatchObject(foreign);
    await expect(createClient(socket.path).call("get_status", {})).rejects.toMatchObject(foreign);
    await chown(socket.path, process.getuid?.() ?? 0, 0);
    await chown(folder.path, 12_345, 12_345);
    await expect(createClient(socket.path).hello()).rejects.toMatchObject(foreign);
    await socket.close();
  });
});
