import { randomUUID } from "node:crypto";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CaptureRequest, captureLoginEnvironment } from "../../bridge/adapters/process/login-environment";
import { expectNoProcessesWith } from "../helpers/census";
import { type TempFolder, tempFolder } from "../helpers/temp-folder";

const mark = "OCTO_TEST_MARK";

describe("captureLoginEnvironment", () => {
  let home: TempFolder;
  let run: string;

  beforeEach(async () => {
    home = await tempFolder();
    run = randomUUID();
  });

  afterEach(async () => {
    await expectNoProcessesWith(mark, run);
    await home[Symbol.asyncDispose]();
  });

  const fallback = () => ({ HOME: home.path, PATH: process.env.PATH ?? "", PWD: "/gone", [mark]: run });
  const capture = (request: Partial<CaptureRequest> = {}) =>
    captureLoginEnvironment({ shell: "/bin/bash", fallback: fallback(), deadlineMs: 15_000, ...request });
  const profile = (text: string) => writeFile(join(home.path, ".profile"), text);

  /** A program in the place of a shell. */
  async function shell(text: string): Promise<string> {
    const path = join(home.path, "a shell");
    await writeFile(path, `#!/bin/sh\n${text}\n`);
    await chmod(path, 0o700);
    return path;
  }

  it.each(["/bin/bash", "/bin/sh"])("gives what the login files of %s export, odd values too", async (path) => {
    await profile(`export PATH="$HOME/bin:$PATH" API_KEY='k=1 "x"' LINES_OF_IT='one\ntwo' EMPTY=`);
    const captured = await capture({ shell: path });
    expect(captured).toEqual({ source: "login-shell", environment: captured.environment });
    expect(captured.environment).toMatchObject({
      // What follows is up to /etc/profile.
      PATH: expect.stringMatching(`^${home.path}/bin:`),
      API_KEY: 'k=1 "x"',
      LINES_OF_IT: "one\ntwo",
      EMPTY: "",
      [mark]: run,
    });
  });

  it("leaves out what is true of the shell only", async () => {
    const { environment, source } = await capture();
    expect(source).toBe("login-shell");
    for (const name of ["_", "SHLVL", "PWD", "OLDPWD", "OCTO_CAPTURES_ENVIRONMENT"]) expect(environment).not.toHaveProperty(name);
  });

  it("is not disturbed by files that print, fail or start something in the background", async () => {
    await profile(`echo FAKE=1; printf 'A=B\\0'; echo warning >&2; false; sleep 2 & export LATE=yes; trap 'echo bye' EXIT`);
    const startMs = performance.now();
    const { environment, source } = await capture();
    expect(source).toBe("login-shell");
    expect(environment).toMatchObject({ LATE: "yes" });
    expect(environment).not.toHaveProperty("FAKE");
    expect(environment).not.toHaveProperty("A");
    // It does not wait for the background process, which holds the pipe.
    expect(performance.now() - startMs).toBeLessThan(1_900);
    await expectNoProcessesWith(mark, run, { timeoutMs: 5_000 });
  });

  it("falls back at the deadline and leaves nothing of a shell that hangs, whatever groups it made", async () => {
    const path = await shell(`setsid sleep 60 & sleep 60 & trap '' TERM HUP; sleep 60; sleep 60`);
    const captured = await capture({ shell: path, deadlineMs: 300 });
    expect(captured).toEqual({
      environment: fallback(),
      source: "fallback",
      reason: `${path} did not tell its environment within 300 ms`,
    });
    await expectNoProcessesWith(mark, run, { timeoutMs: 500 });
  });

  it("falls back when a shell asks: there is nobody to answer", async () => {
    await profile("read -r answer || exit 1");
    expect(await capture()).toEqual({
      environment: fallback(),
      source: "fallback",
      reason: "/bin/bash ended (1) without telling its environment",
    });
  });

  it("ends a shell that told its environment and then hangs", async () => {
    const path = await shell(`sh "$@"; sleep 60`);
    expect(await capture({ shell: path })).toMatchObject({ source: "login-shell" });
    await expectNoProcessesWith(mark, run, { timeoutMs: 500 });
  });

  it("falls back when a shell prints without end", async () => {
    const { source, reason } = await capture({ shell: await shell("exec yes") });
    expect([source, reason]).toEqual(["fallback", expect.stringContaining("printed more than")]);
  });

  it.each([
    [undefined, "no login shell is known"],
    ["", "no login shell is known"],
    ["/no/such/shell", "does not start: ENOENT"],
    ["/dev/null", "does not start: EACCES"],
    ["/bin/true", "ended (0) without telling"],
  ])("falls back and says so for the shell %j", async (path, reason) => {
    const captured = await capture({ shell: path });
    expect(captured).toEqual({ environment: fallback(), source: "fallback", reason: expect.stringContaining(reason) });
  });
});
