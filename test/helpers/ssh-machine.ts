import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { randomInt, randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { eventually } from "./eventually";
import { canConnect, clientConfig, endAll, makeSshFiles, type SshdOptions, sshdConfig, sshdMissing } from "./sshd";
import { tempFolder } from "./temp-folder";

const run = promisify(execFile);

/** Why tests with a machine of their own cannot run here; undefined where they can. */
export const machineMissing: string | undefined = sshdMissing ?? namespacesMissing();
if (machineMissing !== undefined && sshdMissing === undefined)
  console.warn(`tests with machines of their own are skipped: ${machineMissing}`);

/**
 * A second machine as near as one kernel can give it: network, processes, host name, boot id and users of its own, a real sshd as its
 * first process. Its link can be cut, and it can be rebooted.
 */
export interface SshMachine extends AsyncDisposable {
  readonly folder: string;
  readonly home: string;
  readonly run: string;
  /** `ssh -F`: the machine is named `alpha` there. */
  readonly configFile: string;
  readonly knownHostsFile: string;
  readonly identityFile: string;
  readonly address: string;
  /** Packets are dropped, both ways, as by a broken network. */
  dropPackets(): Promise<void>;
  linkDown(): Promise<void>;
  /** After either. */
  linkUp(): Promise<void>;
  /** Ends all its processes at once. */
  powerOff(): Promise<void>;
  /** Another boot id. */
  powerOn(): Promise<void>;
}

export interface MachineOptions extends SshdOptions {
  /** Login shell; /bin/sh when absent. */
  readonly shell?: string;
}

export async function sshMachine(options: MachineOptions = {}): Promise<SshMachine> {
  const temp = await tempFolder("octo-machine");
  const folder = temp.path;
  const mark = options.run ?? folder;
  const { home, identityFile, hostKey } = await makeSshFiles(folder);
  const network = await makeNetwork();
  const [configFile, knownHostsFile, sshdFile] = [join(folder, "config"), join(folder, "known_hosts"), join(folder, "sshd_config")];
  await writeFile(knownHostsFile, `[${network.address}]:2222 ${hostKey}\n`);
  await writeFile(configFile, `${clientConfig({ identityFile, knownHostsFile, host: network.address, port: 2222 }).join("\n")}\n`);
  await writeFile(sshdFile, sshdConfig({ folder, home, run: mark }, { ...options, config: ["Port 2222", ...(options.config ?? [])] }));
  const [passwd, bootId] = [join(folder, "passwd"), join(folder, "boot_id")];
  await writeFile(
    passwd,
    `root:x:0:0:root:${home}:${options.shell ?? "/bin/sh"}\nsshd:x:100:65534::/run/sshd:/usr/sbin/nologin\nnobody:x:65534:65534::/:/usr/sbin/nologin\n`,
  );

  let child: ChildProcess | undefined;
  const powerOn = async (): Promise<void> => {
    await writeFile(bootId, `${randomUUID()}\n`);
    mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
    const inside = `hostname ${network.name} && mount --bind '${passwd}' /etc/passwd && mount --bind '${bootId}' /proc/sys/kernel/random/boot_id && exec /usr/sbin/sshd -D -E '${join(folder, "sshd.log")}' -f '${sshdFile}'`;
    const unshare = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "--mount", "--uts", "sh", "-c", inside];
    child = spawn("ip", ["netns", "exec", network.name, ...unshare], { stdio: "ignore", detached: true });
    await eventually(() => canConnect(network.address, 2222), { timeoutMs: 10_000 });
  };
  const powerOff = async (): Promise<void> => {
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    // `--kill-child`: its first process dies with it, and with that all the others.
    process.kill(-child.pid, "SIGKILL");
    await gone;
  };
  await powerOn();
  return {
    folder,
    home,
    run: mark,
    configFile,
    knownHostsFile,
    identityFile,
    address: network.address,
    dropPackets: network.dropPackets,
    linkDown: network.linkDown,
    linkUp: network.linkUp,
    powerOff,
    powerOn,
    async [Symbol.asyncDispose]() {
      await network.linkUp();
      await powerOff();
      await network.remove();
      await endAll(mark, temp);
    },
  };
}

async function makeNetwork() {
  await removeOrphans();
  const id = `${process.pid.toString(36)}${randomInt(36 ** 3).toString(36)}`.slice(-8);
  const name = `octo-${process.pid}-${id}`;
  const [outer, inner] = [`oo${id}`, `oi${id}`];
  const base = `10.${randomInt(64, 128)}.${randomInt(256)}.${randomInt(63) * 4}`;
  const at = (offset: number) => base.replace(/\d+$/, (last) => String(Number(last) + offset));
  const ip = (...args: string[]) => run("ip", args);
  const inside = (...args: string[]) => run("ip", ["netns", "exec", name, ...args]);
  await ip("netns", "add", name);
  await ip("link", "add", outer, "type", "veth", "peer", "name", inner, "netns", name);
  await ip("addr", "add", `${at(1)}/30`, "dev", outer);
  await ip("link", "set", outer, "up");
  await inside("ip", "addr", "add", `${at(2)}/30`, "dev", inner);
  await inside("ip", "link", "set", inner, "up");
  await inside("ip", "link", "set", "lo", "up");
  return {
    name,
    address: at(2),
    async dropPackets() {
      await inside("iptables", "-A", "INPUT", "-i", inner, "-j", "DROP");
      await inside("iptables", "-A", "OUTPUT", "-o", inner, "-j", "DROP");
    },
    async linkDown() {
      await ip("link", "set", outer, "down");
    },
    async linkUp() {
      await inside("iptables", "-F");
      await ip("link", "set", outer, "up");
    },
    async remove() {
      await ip("netns", "del", name);
    },
  };
}

/** What a test run that was killed left: machines are named by the process that made them. */
async function removeOrphans(): Promise<void> {
  const { stdout } = await run("ip", ["netns", "list"]);
  for (const [, name = "", pid = ""] of stdout.matchAll(/^(octo-(\d+)-\w+)/gm)) {
    if (existsSync(`/proc/${pid}`)) continue;
    const { stdout: pids } = await run("ip", ["netns", "pids", name]).catch(() => ({ stdout: "" }));
    for (const left of pids.split("\n").filter(Boolean)) endOne(Number(left));
    await run("ip", ["netns", "del", name]).catch(() => undefined);
  }
}

function endOne(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended with its parent.
  }
}

function namespacesMissing(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "they need root on Linux";
  const name = `octoprobe${process.pid}`;
  try {
    execFileSync("ip", ["netns", "add", name], { stdio: "ignore" });
    execFileSync("ip", ["netns", "exec", name, "iptables", "-L", "-n"], { stdio: "ignore" });
    execFileSync("unshare", ["--pid", "--fork", "--mount-proc", "--mount", "--uts", "true"], { stdio: "ignore" });
    return undefined;
  } catch {
    return "no network or process namespaces here (or no iptables)";
  } finally {
    try {
      execFileSync("ip", ["netns", "del", name], { stdio: "ignore" });
    } catch {
      // It was never made.
    }
  }
}
