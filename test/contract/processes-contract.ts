import { randomUUID } from "node:crypto";
import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Processes, ProcessIdentity, SpawnedProcess } from "../../bridge/ports/processes";
import { eventually } from "../helpers/eventually";
import { type TempFolder, tempFolder } from "../helpers/temp-folder";

const mark = "OCTO_TEST_MARK";

/** What every implementation of the port promises, on real processes of this machine. */
export function processesContract(name: string, make: () => Processes): void {
  describe(name, () => {
    let processes: Processes;
    let folder: TempFolder;
    let run: string;

    beforeEach(async () => {
      processes = make();
      folder = await tempFolder();
      run = randomUUID();
    });

    afterEach(async () => {
      // Again until none is left: a shell that is being killed may just have started one more.
      await eventually(async () => {
        const left = await processes.findByEnvironment(mark, run);
        for (const identity of left) await processes.signal(identity, "SIGKILL");
        expect(left).toEqual([]);
      });
      await folder[Symbol.asyncDispose]();
    });

    const output = (file: "out" | "err") => readFile(join(folder.path, file), "utf8");

    function spawn(command: readonly [string, ...string[]], environment: Readonly<Record<string, string>> = {}): Promise<SpawnedProcess> {
      return processes.spawn({
        command,
        cwd: folder.path,
        environment: { PATH: process.env.PATH ?? "", [mark]: run, ...environment },
        stdoutFile: join(folder.path, "out"),
        stderrFile: join(folder.path, "err"),
      });
    }

    const shell = (script: string, environment?: Readonly<Record<string, string>>) => spawn(["sh", "-c", script], environment);

    /** The process whose pid the script wrote, as `echo $! > NAME`. */
    async function processIn(file: string): Promise<ProcessIdentity> {
      return eventually(async () => {
        const identity = await processes.identify(Number(await readFile(join(folder.path, file), "utf8")));
        if (identity === undefined) throw new Error(`no process in ${file}`);
        return identity;
      });
    }

    describe("spawn", () => {
      it("gives the child exactly the environment asked for", async () => {
        const { exited } = await spawn(["env"], { ODD: "a b=c 'd'" });
        await exited;
        const lines = (await output("out")).trim().split("\n").sort();
        expect(lines).toEqual([`ODD=a b=c 'd'`, `${mark}=${run}`, `PATH=${process.env.PATH}`].sort());
      });

      it("appends to private files, apart for stdout and stderr", async () => {
        await writeFile(join(folder.path, "out"), "before\n", { mode: 0o644 });
        await (await shell("echo said; echo warned >&2")).exited;
        expect([await output("out"), await output("err")]).toEqual(["before\nsaid\n", "warned\n"]);
        for (const file of ["out", "err"]) expect((await stat(join(folder.path, file))).mode & 0o777).toBe(0o600);
      });

      it("gives the child no input, its folder and arguments that no shell reads", async () => {
        await (await spawn(["sh", "-c", 'pwd; echo "$1"; cat', "sh", "$HOME; *"])).exited;
        expect(await output("out")).toBe(`${folder.path}\n$HOME; *\n`);
      });

      it("makes the child leader of a session and group of its own", async () => {
        const { identity } = await spawn(["sleep", "60"]);
        await (await shell(`ps -o pgid= -o tty= -p ${identity.pid}`)).exited;
        expect((await output("out")).trim()).toMatch(new RegExp(`^${identity.pid} +\\?+$`));
      });

      it("tells how the child ended", async () => {
        expect(await (await shell("exit 7")).exited).toEqual({ code: 7, signal: null });
        expect(await (await shell("kill -9 $$")).exited).toEqual({ code: null, signal: "SIGKILL" });
      });

      it("tells the end of the child while a grandchild lives on with its files", async () => {
        const { exited } = await shell("sleep 60 & echo $! > grandchild");
        expect(await exited).toEqual({ code: 0, signal: null });
        expect(await processes.isAlive(await processIn("grandchild"))).toBe(true);
      });

      it("names a child that ends at once, and does not call it alive", async () => {
        for (const { identity, exited } of await Promise.all(Array.from({ length: 8 }, () => spawn(["true"])))) {
          await exited;
          expect(identity.pid).toBeGreaterThan(1);
          expect(await processes.isAlive(identity)).toBe(false);
          expect(await processes.signal(identity, "SIGTERM")).toBe(false);
        }
      });

      it("refuses a program that does not exist or may not be executed", async () => {
        await expect(spawn(["octo-no-such-program"])).rejects.toMatchObject({ code: "OPENCODE_MISSING" });
        const plain = join(folder.path, "plain");
        await writeFile(plain, "text");
        await chmod(plain, 0o600);
        await expect(spawn([plain])).rejects.toMatchObject({ code: "OPENCODE_MISSING" });
      });

      it("says that the folder is missing, not the program", async () => {
        const request = { command: ["true"], environment: {}, stdoutFile: "/dev/null", stderrFile: "/dev/null" } as const;
        await expect(processes.spawn({ ...request, cwd: join(folder.path, "gone") })).rejects.toMatchObject({ code: "DIRECTORY_MISSING" });
      });

      it("refuses files that cannot be written", async () => {
        const stdoutFile = join(folder.path, "no-such-folder", "out");
        const request = { command: ["true"], environment: {}, cwd: folder.path, stdoutFile, stderrFile: stdoutFile } as const;
        await expect(processes.spawn(request)).rejects.toMatchObject({ code: "PROCESS_START_FAILED" });
      });
    });

    describe("identity", () => {
      it("is the same whenever it is asked for", async () => {
        const { identity } = await spawn(["sleep", "60"]);
        expect(await processes.identify(identity.pid)).toEqual(identity);
        expect(await make().isAlive(identity)).toBe(true);
      });

      it("is not met by another start time or another boot", async () => {
        const { identity } = await spawn(["sleep", "60"]);
        for (const stranger of [
          { ...identity, startTime: "1" },
          { ...identity, bootId: "another" },
        ]) {
          expect(await processes.isAlive(stranger)).toBe(false);
          expect(await processes.signal(stranger, "SIGKILL")).toBe(false);
          expect(await processes.signalGroup(stranger, "SIGKILL")).toBe(false);
          expect(await processes.usage(stranger)).toBeUndefined();
          expect(await processes.descendants(stranger)).toEqual([]);
        }
        expect(await processes.isAlive(identity)).toBe(true);
      });

      it("does not take a zombie for a living process", async () => {
        // A parent that never looks after the child it inherited: the shell that started it is replaced before the child ends.
        await shell("sleep 60 & echo $! > child; exec sh -c 'echo > replaced; exec sleep 60'");
        const child = await processIn("child");
        await eventually(() => stat(join(folder.path, "replaced")));
        expect(await processes.signal(child, "SIGKILL")).toBe(true);
        await eventually(async () => expect(await processes.isAlive(child)).toBe(false));
        expect(await processes.identify(child.pid)).toBeUndefined();
        expect(process.kill(child.pid, 0)).toBe(true);
      });

      it("survives a program name with spaces and parentheses", async () => {
        const program = join(folder.path, "a) R 1 (b");
        await writeFile(program, "#!/bin/sh\nsleep 60\n");
        await chmod(program, 0o700);
        const { identity } = await spawn([program]);
        expect(await processes.identify(identity.pid)).toEqual(identity);
      });

      it("is undefined for a pid that nobody has", async () => {
        for (const pid of [2 ** 22 + 1, 0, -1, 1.5, Number.NaN]) expect(await processes.identify(pid)).toBeUndefined();
      });
    });

    describe("census", () => {
      it("finds processes by what their environment held at start, their children too", async () => {
        const parent = await shell("sleep 60 & echo $! > child; wait");
        const child = await processIn("child");
        await eventually(async () => {
          const found = await processes.findByEnvironment(mark, run);
          expect(found.map(({ pid }) => pid).sort()).toEqual([parent.identity.pid, child.pid].sort());
        });
      });

      it("does not find a part of a value, another name, or an argument that reads like it", async () => {
        await spawn(["sh", "-c", "sleep 60; :", "sh", `WANTED=${run}`, "end"], { OTHER: `x WANTED=${run}x`, NOT_WANTED: run });
        expect(await processes.findByEnvironment("WANTED", run)).toEqual([]);
        expect(await processes.findByEnvironment(mark, run.slice(0, -1))).toEqual([]);
      });

      it("gives children and their children, in groups of their own too, without the process itself", async () => {
        const script =
          "const { spawn } = require('node:child_process'); spawn('sh', ['-c', 'sleep 60 & echo $! > leaf; wait'], { detached: true })";
        const { identity } = await spawn([process.execPath, "-e", script]);
        const leaf = await processIn("leaf");
        const found = await processes.descendants(identity);
        expect(found).toContainEqual(leaf);
        expect(found).toHaveLength(2);
        expect(found).not.toContainEqual(identity);
        for (const { pid } of found) process.kill(pid, "SIGKILL");
      });

      it("measures memory and CPU time", async () => {
        const { identity } = await shell("while :; do :; done");
        await eventually(
          async () => {
            const usage = await processes.usage(identity);
            expect(usage?.rssBytes).toBeGreaterThan(100_000);
            expect(usage?.rssBytes).toBeLessThan(100_000_000);
            expect(usage?.cpuMs).toBeGreaterThanOrEqual(500);
          },
          { timeoutMs: 10_000 },
        );
        expect(await processes.signal(identity, "SIGKILL")).toBe(true);
        await eventually(async () => expect(await processes.usage(identity)).toBeUndefined());
      });
    });

    describe("signals", () => {
      it("reach the process alone, or its whole group", async () => {
        const { identity, exited } = await shell("sleep 60 & echo $! > child; wait");
        const child = await processIn("child");
        expect(await processes.signal(identity, "SIGTERM")).toBe(true);
        expect(await exited).toEqual({ code: null, signal: "SIGTERM" });
        expect(await processes.isAlive(child)).toBe(true);
      });

      it("reach the group of a leader that is gone already, and say when nobody is left", async () => {
        const { identity, exited } = await shell("sleep 60 & echo $! > child");
        await exited;
        const child = await processIn("child");
        expect(await processes.signal(identity, "SIGKILL")).toBe(false);
        expect(await processes.signalGroup(identity, "SIGKILL")).toBe(true);
        await eventually(async () => expect(await processes.isAlive(child)).toBe(false));
        await eventually(async () => expect(await processes.signalGroup(identity, "SIGKILL")).toBe(false));
      });

      it("stop and continue", async () => {
        const { identity, exited } = await spawn(["sleep", "60"]);
        expect(await processes.signal(identity, "SIGSTOP")).toBe(true);
        expect(await processes.isAlive(identity)).toBe(true);
        expect(await processes.signal(identity, "SIGCONT")).toBe(true);
        expect(await processes.signalGroup(identity, "SIGTERM")).toBe(true);
        expect(await exited).toEqual({ code: null, signal: "SIGTERM" });
      });

      it("never reach our own group, nor everybody", async () => {
        const self = await processes.identify(process.pid);
        if (self === undefined) throw new Error("we live");
        expect(await processes.signalGroup(self, "SIGCONT")).toBe(false);
        for (const pid of [1, 0, -1, Number.NaN]) expect(await processes.signalGroup({ ...self, pid }, "SIGCONT")).toBe(false);
      });
    });
  });
}
