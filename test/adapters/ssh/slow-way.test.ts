import { writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { connectTimes } from "../../../bridge/adapters/ssh/connect-times";
import { sshdMissing, sshHost } from "../../helpers/sshd";
import { openHost } from "./remote-world";

/** Longer than octo itself waits for an answer, where nobody says otherwise. */
const slowMs = 4_000;

// At once: what takes long here is waiting.
describe.skipIf(sshdMissing)("a slow way to a host", { concurrent: true }, () => {
  test("is waited for as long as the user's ConnectTimeout says", { timeout: 40_000 }, async () => {
    await using host = await sshHost();
    await using way = await slowWayTo(host.port);
    const alias = `[127.0.0.1]:${host.port}`;
    await host.writeClientConfig(["Host alpha", "ConnectTimeout 12", `Port ${way.port}`, `HostKeyAlias ${alias}`]);
    await using remote = openHost(host);
    await expect(remote.link.whenConnected(20_000)).resolves.toBeUndefined();
  });

  test("is waited for behind another host", { timeout: 40_000 }, async () => {
    await using host = await sshHost();
    const proxy = join(host.folder, "proxy.mjs");
    await writeFile(
      proxy,
      `import { connect } from "node:net";
setTimeout(() => {
  const socket = connect(${host.port}, "127.0.0.1");
  process.stdin.pipe(socket).pipe(process.stdout);
}, ${slowMs});
`,
    );
    await host.writeClientConfig(["Host alpha", `ProxyCommand '${process.execPath}' '${proxy}'`]);
    await using remote = openHost(host);
    await expect(remote.link.whenConnected(20_000)).resolves.toBeUndefined();
  });
});

test.each([
  ["nothing is set", { connectTimeoutS: undefined, usesProxy: false }, { optionS: 3, deadlineMs: 15_000 }],
  ["there is a proxy", { connectTimeoutS: undefined, usesProxy: true }, { optionS: undefined, deadlineMs: 15_000 }],
  ["the user is hasty", { connectTimeoutS: 1, usesProxy: false }, { optionS: undefined, deadlineMs: 15_000 }],
  ["the user is patient", { connectTimeoutS: 60, usesProxy: true }, { optionS: undefined, deadlineMs: 70_000 }],
  ["the user has forever", { connectTimeoutS: 86_400, usesProxy: false }, { optionS: undefined, deadlineMs: 300_000 }],
  ["nobody knows what is set", undefined, { optionS: undefined, deadlineMs: 15_000 }],
])("where %s, ssh is told no more than the user's configuration leaves open, and there is an end", (_, config, times) => {
  expect(connectTimes(config)).toEqual(times);
});

/** A port that leads to the other one, and says nothing at first. */
async function slowWayTo(port: number): Promise<AsyncDisposable & { readonly port: number }> {
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    const timer = setTimeout(() => {
      const there = connect(port, "127.0.0.1");
      there.on("error", () => socket.destroy());
      sockets.add(there);
      socket.pipe(there).pipe(socket);
    }, slowMs);
    socket.on("close", () => clearTimeout(timer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
