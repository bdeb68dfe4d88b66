import { execFile } from "node:child_process";
import { chmod, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { attachThere } from "../../../bridge/adapters/ssh/attach";
import { createRemoteLauncher } from "../../../bridge/adapters/ssh/launcher";
import type { RemoteHost } from "../../../bridge/adapters/ssh/remote-host";
import { fakeOpenCodeCommand } from "../../helpers/fake-opencode-command";
import { type SshHost, sshdMissing, sshHost } from "../../helpers/sshd";
import { asInstanceId } from "../opencode/launcher-world";
import { openHost, protocol } from "./remote-world";

const run = promisify(execFile);
const password = "correct-'horse";
const request = { instanceId: asInstanceId("ins_a"), incarnation: 1, password };

describe.skipIf(sshdMissing)("a pane in a domain of a host", () => {
  test("attaches OpenCode there, with the host's own environment, by a file that is private and used once", async () => {
    await using host = await sshHost();
    await using remote = openHost(host, { command: [await opencode(host)] });
    const port = await launch(remote);
    const directory = join(host.home, "it's");
    const { command } = await attachThere(remote, { ...request, directory, sessionId: "ses_1" });
    expect(command.join(" ")).not.toContain("horse");
    const [, file = ""] = command;
    expect((await stat(file)).mode & 0o777).toBe(0o600);

    // As WezTerm does it: the words as they are, the environment of another machine.
    const words = `env HOME=/home/elsewhere OPENCODE_CONFIG=/elsewhere OPENAI_API_KEY=sk-elsewhere ${command.join(" ")}`;
    const { stdout } = await run("ssh", ["-F", host.configFile, "alpha", words]);
    const said = stdout.split("\n");
    expect(said.filter((line) => line.startsWith("word "))).toEqual(
      ["attach", `http://127.0.0.1:${port}`, "--dir", directory, "--session", "ses_1"].map((word) => `word ${word}`),
    );
    expect(said).toContain(`OPENCODE_SERVER_PASSWORD=${password}`);
    expect(said).toContain(`HOME=${host.home}`);
    expect(stdout).not.toContain("elsewhere");
    expect(await readdir(join(file, ".."))).toEqual([]);
  });

  test("leaves nothing where it is not opened, and is refused for a server that has ended", async () => {
    await using host = await sshHost();
    await using remote = openHost(host, { command: [await opencode(host)] });
    await launch(remote);
    const first = await attachThere(remote, request);
    await first.drop();
    await expect(stat(first.command[1] ?? "")).rejects.toMatchObject({ code: "ENOENT" });
    const forgotten = (await attachThere(remote, request)).command[1] ?? "";
    const old = forgotten.replace(/\d+-/, "1000000000-");
    await writeFile(old, await readFile(forgotten));
    await attachThere(remote, request);
    await expect(stat(old)).rejects.toMatchObject({ code: "ENOENT" });
    await expect(attachThere(remote, { ...request, incarnation: 2 })).rejects.toMatchObject({ code: "INSTANCE_NOT_READY" });
  });
});

/** A server, and an `attach` that says what it was given. */
async function opencode(host: SshHost): Promise<string> {
  const file = join(host.folder, "opencode");
  const server = (await fakeOpenCodeCommand()).map((word) => `'${word}'`).join(" ");
  await writeFile(file, `#!/bin/sh\n[ "$1" = attach ] || exec ${server} "$@"\nfor word; do echo "word $word"; done\nenv\n`);
  await chmod(file, 0o755);
  return file;
}

async function launch(host: RemoteHost): Promise<number> {
  const launcher = createRemoteLauncher({ host, protocol, environment: async () => ({}) });
  const port = await launcher.choosePort([], 0);
  await launcher.launch({ ...request, port });
  return port;
}
