import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createOpenCode } from "../../bridge/adapters/opencode/opencode";
import { eventually } from "../helpers/eventually";
import { controlFake } from "../helpers/fake-control";
import { fakeOpenCodeCommand } from "../helpers/fake-opencode-command";
import { startServerProcess } from "../helpers/server-process";
import { tempFolder } from "../helpers/temp-folder";

const PATH = process.env.PATH ?? "";

describe("the fake OpenCode server as a process", () => {
  it("ends with the real one's words when its port is taken", async () => {
    await using folder = await tempFolder();
    const request = { command: await fakeOpenCodeCommand(), cwd: folder.path, environment: { PATH } };
    await using server = await startServerProcess(request);
    await expect(startServerProcess({ ...request, port: server.port })).rejects.toThrow(
      "ended (1) before it listened: Error: Unexpected error\n\nServeError",
    );
  });

  it("fails to start while its options file says so", async () => {
    await using folder = await tempFolder();
    const file = join(folder.path, "options.json");
    const environment = { PATH, FAKE_OPENCODE_OPTIONS_FILE: file };
    const request = { command: await fakeOpenCodeCommand(), cwd: folder.path, environment };
    await writeFile(file, JSON.stringify({ failStart: { code: 7, stderr: "no luck" } }));
    await expect(startServerProcess(request)).rejects.toThrow("ended (7) before it listened: no luck");
    await writeFile(file, "{}");
    await using server = await startServerProcess(request);
    expect(server.pid).toBeGreaterThan(0);
  });

  it("exits on demand, and leaves its commands running as the real one does", async () => {
    await using folder = await tempFolder();
    const turnLog = join(folder.path, "turns.jsonl");
    const environment = { PATH, OPENCODE_SERVER_PASSWORD: "secret", FAKE_OPENCODE_TURN_LOG: turnLog };
    await using server = await startServerProcess({ command: await fakeOpenCodeCommand(), cwd: folder.path, environment });
    const endpoint = { url: server.url, password: "secret" };
    const openCode = createOpenCode();
    const client = openCode.connect(endpoint);
    const { sessionId } = await client.createSession({ directory: folder.path, title: "exit" });
    const text = "[[task:left]] [[bash:echo $$ > pid.txt; sleep 300]]";
    const parts = [{ id: openCode.partId(), content: { kind: "text", text } }] as const;
    await client.prompt({ directory: folder.path, sessionId, messageId: openCode.messageId(), parts });
    const pid = await eventually(async () => {
      const written = Number.parseInt(await readFile(join(folder.path, "pid.txt"), "utf8"), 10);
      expect(written).toBeGreaterThan(0);
      return written;
    });
    try {
      await controlFake(endpoint).fault({ kind: "exit", code: 3 });
      await eventually(() => expect(() => process.kill(server.pid, 0)).toThrow());
      expect(process.kill(pid, 0)).toBe(true);
      expect(JSON.parse(await readFile(turnLog, "utf8"))).toMatchObject({ task: "left", sessionId, pid: server.pid });
    } finally {
      process.kill(-pid, "SIGKILL");
      await client.close();
    }
  });
});
