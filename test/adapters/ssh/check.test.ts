import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkHost } from "../../../bridge/adapters/ssh/check";
import type { HostDefinition } from "../../../bridge/ports/hosts";
import { canMountDisks, smallDisk } from "../../helpers/small-disk";
import { addToHome, type SshHost, sshdMissing, sshHost } from "../../helpers/sshd";
import { openHost, protocol, sshOf } from "./remote-world";

const disks = sshdMissing === undefined && (await canMountDisks());

describe.skipIf(sshdMissing)("the check of a host", () => {
  test("says of each step that it is well, what was found, and which models are missing", async () => {
    await using host = await sshHost();
    const checks = await checked(host, { command: [await stub(host, "1.18.33")] }, ["standin/model", "other/model"]);
    expect(outcomes(checks)).toEqual(
      "name ok, reach ok, host key ok, key ok, shell ok, forward ok, sessions ok, home ok, opencode ok, git ok, wezterm skipped, clock ok, models warn",
    );
    expect(checks.find(({ step }) => step === "models")?.message).toContain("1 of 2 models at home are not offered there (other/model)");
    expect(checks.find(({ step }) => step === "opencode")?.message).toMatch(/^1\.18\.33 at .*opencode/);
    expect(checks.find(({ step }) => step === "name")?.message).toMatch(/@127\.0\.0\.1:\d+ is 127\.0\.0\.1$/);
  });

  test("finds opencode in the PATH of the login shell", async () => {
    await using host = await sshHost();
    await stub(host, "1.18.33");
    await addToHome(host, ".profile", `echo "Welcome"; PATH=${host.home}:$PATH\n`);
    expect((await checked(host)).find(({ step }) => step === "opencode")).toMatchObject({ outcome: "ok" });
  });

  test("names the step on the way in that fails, and skips what comes after", async () => {
    await using host = await sshHost();
    await writeFile(host.knownHostsFile, "");
    const checks = await checked(host);
    expect(outcomes(checks)).toMatch(/^name ok, reach ok, host key fail, key skipped, .*models skipped$/);
    expect(checks.find(({ step }) => step === "host key")?.error?.code).toBe("HOST_KEY_UNKNOWN");
  });

  test("tries again at once, whatever was refused before", async () => {
    await using host = await sshHost();
    const seen = `[127.0.0.1]:${host.port}`;
    const known = await readFile(host.knownHostsFile, "utf8");
    await writeFile(host.knownHostsFile, "");
    await using remote = openHost(host);
    await expect(remote.link.whenConnected(10_000)).rejects.toMatchObject({ code: "HOST_KEY_UNKNOWN" });
    await writeFile(host.knownHostsFile, known);
    expect(known).toContain(seen);
    const checks = await checkHost({ host: remote, ssh: sshOf(host), owner: "test", protocol, modelsAtHome: undefined });
    expect(checks.find(({ step }) => step === "host key")).toMatchObject({ outcome: "ok" });
  });

  test.each([
    ["forward", "fail", "HOST_FORWARD_REFUSED", ["AllowTcpForwarding no"]],
    ["sessions", "warn", "HOST_SESSIONS_REFUSED", ["MaxSessions 3"]],
    ["shell", "fail", "HOST_SESSIONS_REFUSED", ["MaxSessions 0"]],
  ] as const)("sees what sshd refuses: %s", async (step, outcome, code, config) => {
    await using host = await sshHost({ config });
    expect((await checked(host)).find((check) => check.step === step)).toMatchObject({ outcome, error: { code } });
  });

  test("sees a chatty shell, a missing and an old opencode, and a missing wezterm", async () => {
    await using host = await sshHost();
    await addToHome(host, ".bashrc", "echo Welcome to this machine\n");
    const missing = await checked(host, { domain: "mux", command: ["/nowhere/opencode"] });
    expect(missing.find(({ step }) => step === "shell")).toMatchObject({ outcome: "warn" });
    expect(missing.find(({ step }) => step === "opencode")).toMatchObject({ outcome: "fail", error: { code: "OPENCODE_MISSING" } });
    expect(missing.find(({ step }) => step === "wezterm")).toMatchObject({ outcome: "fail", error: { code: "HOST_WEZTERM_MISSING" } });
    const old = await checked(host, { domain: "ssh", command: [await stub(host, "1.2.3")] });
    expect(old.find(({ step }) => step === "opencode")).toMatchObject({ outcome: "fail", error: { code: "OPENCODE_TOO_OLD" } });
    expect(old.find(({ step }) => step === "wezterm")).toMatchObject({ outcome: "skipped" });
  });

  test("sees a home that is read-only", async () => {
    await using host = await sshHost({ environment: { HOME: "/proc" } });
    expect((await checked(host)).find(({ step }) => step === "home")).toMatchObject({
      outcome: "fail",
      error: { code: "HOST_HOME_READONLY" },
    });
  });

  test.skipIf(!disks)("sees a full disk, and so does a start", async () => {
    await using disk = await smallDisk(1024 * 1024);
    await writeFile(join(disk.path, "ballast"), Buffer.alloc(2 * 1024 * 1024)).catch(() => undefined);
    await using host = await sshHost({ environment: { HOME: disk.path } });
    const checks = await checked(host);
    expect(checks.find(({ step }) => step === "disk")).toMatchObject({ outcome: "fail", error: { code: "HOST_DISK_FULL" } });
    expect(checks.find(({ step }) => step === "home")).toMatchObject({ outcome: "fail", error: { code: "HOST_DISK_FULL" } });
    await using remote = openHost(host);
    await expect(remote.call("octo_secrets=\nocto_launch ins_a 1 20000", 30_000)).rejects.toMatchObject({ code: "HOST_DISK_FULL" });
  });
});

async function checked(host: SshHost, given: Partial<HostDefinition> = {}, modelsAtHome?: readonly string[]) {
  await using remote = openHost(host, given);
  return await checkHost({ host: remote, ssh: sshOf(host), owner: "test", protocol, modelsAtHome });
}

/** Memory and disk are as this machine has them. */
function outcomes(checks: Awaited<ReturnType<typeof checked>>): string {
  const decided = checks.filter(({ step }) => !["memory", "disk"].includes(step));
  return decided.map(({ step, outcome }) => `${step} ${outcome}`).join(", ");
}

async function stub(host: SshHost, version: string): Promise<string> {
  const file = join(host.home, "opencode");
  await writeFile(file, `#!/bin/sh\n[ "$1" = models ] && { echo Loading; echo standin/model; exit; }\necho ${version}\n`);
  await chmod(file, 0o755);
  return file;
}
