import { describe, expect, test } from "vitest";
import { sshdMissing, sshHost } from "../../helpers/sshd";
import { openHost } from "./remote-world";

describe.skipIf(sshdMissing)("a host over real sshd", () => {
  test("connects and runs a script whose output is framed", async () => {
    await using host = await sshHost();
    await using remote = openHost(host);
    await remote.link.whenConnected(10_000);
    const output = await remote.shells.run("echo out; echo err >&2; exit 7", 5_000);
    expect(output).toEqual({ code: 7, stdout: "out\n", stderr: "err\n" });
  });
});
