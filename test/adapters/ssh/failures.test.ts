import { chmod, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseAddress } from "../../../bridge/adapters/ssh/address";
import type { HostId } from "../../../shared/ids";
import { makeKey } from "../../helpers/ssh-keys";
import { machineMissing, sshMachine } from "../../helpers/ssh-machine";
import { addToHome, type SshHost, sshdMissing, sshHost } from "../../helpers/sshd";
import { definitionOf, openHost } from "./remote-world";

const ways: readonly (readonly [string, string, (host: SshHost) => Promise<unknown>])[] = [
  ["HOST_KEY_UNKNOWN", "nobody has seen the host's key", (host) => writeFile(host.knownHostsFile, "")],
  [
    "HOST_KEY_CHANGED",
    "the host's key is another one",
    async (host) => writeFile(host.knownHostsFile, `[127.0.0.1]:${host.port} ${await makeKey(join(host.folder, "other"))}\n`),
  ],
  ["HOST_AUTH_REFUSED", "the host knows none of our keys", (host) => writeFile(join(host.folder, "authorized_keys"), "")],
  [
    "HOST_AUTH_LOCKED",
    "our key has a passphrase and there is no agent",
    async (host) => {
      await rm(host.identityFile);
      await writeFile(join(host.folder, "authorized_keys"), `${await makeKey(host.identityFile, "secret")}\n`);
    },
  ],
  ["HOST_NAME_UNRESOLVED", "the name is nobody's", (host) => host.writeClientConfig(["Host alpha", "HostName nowhere.invalid"])],
  ["HOST_UNREACHABLE", "nobody listens", (host) => host.stop()],
  ["HOST_CONFIG_BROKEN", "~/.ssh/config has a line that ssh does not know", (host) => host.writeClientConfig(["Nonsense yes"])],
];

describe.skipIf(sshdMissing)("connecting fails with", () => {
  test.each(ways)("%s where %s", async (code, _, arrange) => {
    await using host = await sshHost();
    await arrange(host);
    await using remote = openHost(host);
    await expect(remote.link.whenConnected(10_000)).rejects.toMatchObject({ code, message: expect.stringContaining("alpha") });
  });

  test("HOST_SSH_MISSING where there is no ssh", async () => {
    await using host = await sshHost();
    await using remote = openHost(host, {}, {}, "no-such-ssh");
    await expect(remote.link.whenConnected(10_000)).rejects.toMatchObject({ code: "HOST_SSH_MISSING" });
  });
});

describe.skipIf(sshdMissing)("a host that lets us in", () => {
  test("and gives no session is HOST_SESSIONS_REFUSED", async () => {
    await using host = await sshHost({ config: ["MaxSessions 0"] });
    await using remote = openHost(host);
    await remote.link.whenConnected(10_000);
    await expect(remote.shells.run("true", 5_000)).rejects.toMatchObject({ code: "HOST_SESSIONS_REFUSED" });
  });

  test("works with chatty start files of its shell", async () => {
    await using host = await sshHost();
    await addToHome(host, ".bashrc", "echo 'Welcome!'; seq 1 20000; echo noise >&2\n");
    await using remote = openHost(host);
    expect(await remote.shells.run("echo out; echo err >&2", 10_000)).toEqual({ code: 0, stdout: "out\n", stderr: "err\n" });
  });

  test("is HOST_SHELL_UNUSABLE where they end the shell, with what they printed", async () => {
    await using host = await sshHost();
    await addToHome(host, ".bashrc", "echo 'No scripts here'; exit 1\n");
    await using remote = openHost(host);
    await expect(remote.shells.run("true", 10_000)).rejects.toMatchObject({
      code: "HOST_SHELL_UNUSABLE",
      message: expect.stringContaining("No scripts here"),
    });
  });

  test("is HOST_HOME_READONLY or HOST_DISK_FULL where nothing can be written", async () => {
    await using host = await sshHost({ environment: { HOME: "/proc/nowhere" } });
    await using remote = openHost(host);
    await expect(remote.call(":", 10_000)).rejects.toMatchObject({ code: "HOST_HOME_READONLY" });
  });

  test("raises HOST_COMMAND_TIMEOUT for a command that hangs, and serves the next one", async () => {
    await using host = await sshHost();
    await using remote = openHost(host);
    await remote.link.whenConnected(10_000);
    await expect(remote.shells.run("sleep 600", 1_000)).rejects.toMatchObject({ code: "HOST_COMMAND_TIMEOUT" });
    expect((await remote.shells.run("echo next", 5_000)).stdout).toBe("next\n");
  });
});

describe.skipIf(machineMissing)("a machine", () => {
  test.each(["/usr/bin/fish", "/bin/dash", "/bin/bash"])("with the login shell %s runs POSIX sh", { timeout: 40_000 }, async (shell) => {
    await chmod(shell, 0o755);
    await using machine = await sshMachine({ shell });
    await using remote = openHost(machine);
    const quoted = `it's "quoted" \\ $HOME \`date\``;
    expect((await remote.shells.run(`x='it'\\''s "quoted" \\ $HOME \`date\`'; printf '%s' "$x"`, 15_000)).stdout).toBe(quoted);
  });
});

test.each(["-oProxyCommand=touch", "a b", "x;y", "$(id)", "", "host/../x", "ho\nst", "-x@host", "us er@host", "@host"])(
  "the address %j is refused",
  (text) => {
    expect(() => parseAddress(text)).toThrow(expect.objectContaining({ code: "HOST_ADDRESS_INVALID" }));
  },
);

test.each([
  ["ann@build.example", { host: "build.example", user: "ann" }],
  ["build_1", { host: "build_1" }],
  ["ann@[fe80::1%eth0]", { host: "fe80::1%eth0", user: "ann" }],
  ["::1", { host: "::1" }],
])("the address %s is taken", (text, address) => {
  expect(parseAddress(text)).toEqual(address);
});

test.each(["local", "Local", "-x", "a b", "a.b", "", "x".repeat(33)])("the name %j is refused", (name) => {
  const open = () => openHost({ folder: "/nowhere", configFile: "/nowhere" }, definitionOf({ id: name as HostId }));
  expect(open).toThrow(expect.objectContaining({ code: "HOST_NAME_INVALID" }));
});
