import { randomUUID } from "node:crypto";
import { readdir, readFile, readlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { procProcesses } from "../../bridge/adapters/process/proc-processes";
import { parseProcStat } from "../../bridge/adapters/process/proc-stat";
import { parsePsRows, parsePsTime } from "../../bridge/adapters/process/ps-output";
import { psProcesses } from "../../bridge/adapters/process/ps-processes";
import { expectNoProcessesWith } from "../helpers/census";
import { tempFolder } from "../helpers/temp-folder";
import { processesContract } from "./processes-contract";

if (process.platform === "linux") processesContract("processes by /proc", procProcesses);
processesContract("processes by ps", psProcesses);

describe("spawn", () => {
  it("lets the bridge end, and the child outlives it", async () => {
    await using folder = await tempFolder();
    const run = randomUUID();
    const create = new URL("../../bridge/adapters/process/create-processes.ts", import.meta.url).pathname;
    const script = join(folder.path, "bridge.mts");
    await writeFile(
      script,
      `import { createProcesses } from ${JSON.stringify(create)};
       const { identity } = await createProcesses(process.platform).spawn({
         command: ["sleep", "60"], cwd: "/", environment: { PATH: process.env.PATH, OCTO_TEST_MARK: "${run}" },
         stdoutFile: "${folder.path}/out", stderrFile: "${folder.path}/err" });
       console.log(JSON.stringify(identity));`,
    );
    const tsx = new URL("../../node_modules/.bin/tsx", import.meta.url).pathname;
    const { stdout } = await execa(tsx, [script], { timeout: 15_000 });
    const processes = procProcesses();
    const [found] = await processes.findByEnvironment("OCTO_TEST_MARK", run);
    expect(found).toEqual(JSON.parse(stdout));
    if (found !== undefined) expect(await processes.signal(found, "SIGKILL")).toBe(true);
    await expectNoProcessesWith("OCTO_TEST_MARK", run);
  });

  it("keeps none of the output files open", async () => {
    await using folder = await tempFolder();
    const stdoutFile = join(folder.path, "out");
    const processes = procProcesses();
    const { exited } = await processes.spawn({
      command: ["true"],
      cwd: "/",
      environment: { PATH: process.env.PATH ?? "" },
      stdoutFile,
      stderrFile: stdoutFile,
    });
    const open = await Promise.all((await readdir("/proc/self/fd")).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => "")));
    expect(open).not.toContain(stdoutFile);
    await exited;
  });
});

describe("what the systems print", () => {
  it("reads a stat line whose program name imitates one", async () => {
    const line = `42 (a) Z 1 2 (b) S 7 42 43 0 -1 4194304 1 2 3 4 150 50 0 0 20 0 1 0 987654 1 2 3`;
    expect(parseProcStat(line)).toEqual({ state: "S", parentPid: 7, groupId: 42, sessionId: 43, cpuMs: 2_000, startTime: "987654" });
    expect(parseProcStat(await readFile("/proc/self/stat", "utf8"))).toMatchObject({ parentPid: process.ppid });
    expect([parseProcStat(""), parseProcStat("42 (a) ")]).toEqual([undefined, undefined]);
  });

  it.each([
    ["00:00:02", 2_000],
    ["1-02:03:04", 93_784_000],
    ["0:00.07", 70],
    ["123:04.50", 7_384_500],
  ])("reads the CPU time %s of ps", (time, cpuMs) => {
    expect(parsePsTime(time)).toBe(cpuMs);
  });

  it("reads a line of macOS's ps, and leaves out what is none", () => {
    const line = "  501     1   501   502 Ss     2048   0:01.25 Mon Nov 23 07:21:27 2026    ";
    expect(parsePsRows(`${line}\nps: warning\n\n`)).toEqual([
      {
        pid: 501,
        parentPid: 1,
        groupId: 501,
        uid: 502,
        sessionId: undefined,
        alive: true,
        startTime: "Mon Nov 23 07:21:27 2026",
        rssBytes: 2_097_152,
        cpuMs: 1_250,
      },
    ]);
  });
});
