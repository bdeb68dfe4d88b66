import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { createProcesses } from "../../bridge/adapters/process/create-processes";
import { expectNoProcessesWith } from "./census";
import { eventually } from "./eventually";
import { makeKey } from "./ssh-keys";
import { type TempFolder, tempFolder } from "./temp-folder";

const sshdPath = ["/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/bin/sshd"].find((path) => existsSync(path));

/** Why the tests of a real sshd cannot run here; undefined where they can. */
export const sshdMissing = sshdPath === undefined ? "no sshd here (Debian: openssh-server)" : undefined;
if (sshdMissing !== undefined) console.warn(`tests over ssh are skipped: ${sshdMissing}`);

/** A real sshd of this user on a port of its own, with keys, a home and a client configuration of its own. */
export interface SshHost extends AsyncDisposable {
  /** Holds everything of both sides. */
  readonly folder: string;
  /** $HOME on the host. */
  readonly home: string;
  /** In the environment of all that is started over it, as OCTO_TEST_RUN. */
  readonly run: string;
  readonly port: number;
  /** `ssh -F`: the host is named `alpha` there. */
  readonly configFile: string;
  readonly knownHostsFile: string;
  readonly identityFile: string;
  /** Lines put before the others of the client's configuration count first. */
  writeClientConfig(lines: readonly string[]): Promise<void>;
  /** Ends sshd and its connections; servers live on. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

export interface SshdOptions {
  /** Lines of sshd_config. */
  readonly config?: readonly string[];
  /** Environment of what runs there, as SetEnv. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Defaults to the folder of the host. */
  readonly run?: string;
}

/** The lines that every sshd of a test has. Source: sshd_config(5). */
export function sshdConfig(files: { readonly folder: string; readonly home: string; readonly run: string }, options: SshdOptions): string {
  const environment = Object.entries({ HOME: files.home, OCTO_TEST_RUN: files.run, ...options.environment });
  return [
    ...(options.config ?? []),
    `HostKey ${join(files.folder, "host_key")}`,
    `AuthorizedKeysFile ${join(files.folder, "authorized_keys")}`,
    "PidFile none",
    "StrictModes no",
    "UsePAM no",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "PermitRootLogin prohibit-password",
    // Only the first SetEnv counts.
    `SetEnv ${environment.map(([name, value]) => `"${name}=${value}"`).join(" ")}`,
  ].join("\n");
}

export async function makeSshFiles(
  folder: string,
): Promise<{ readonly home: string; readonly identityFile: string; readonly hostKey: string }> {
  const home = join(folder, "home");
  await mkdir(home, { mode: 0o700 });
  const identityFile = join(folder, "id");
  await writeFile(join(folder, "authorized_keys"), `${await makeKey(identityFile)}\n`);
  return { home, identityFile, hostKey: await makeKey(join(folder, "host_key")) };
}

export function clientConfig(files: {
  readonly identityFile: string;
  readonly knownHostsFile: string;
  readonly host: string;
  readonly port: number;
}) {
  return [
    "Host alpha",
    `HostName ${files.host}`,
    `Port ${files.port}`,
    "Host *",
    `User ${userInfo().username}`,
    `IdentityFile ${files.identityFile}`,
    "IdentitiesOnly yes",
    "IdentityAgent none",
    `UserKnownHostsFile ${files.knownHostsFile}`,
    "GlobalKnownHostsFile /dev/null",
    "StrictHostKeyChecking yes",
  ];
}

export async function sshHost(options: SshdOptions = {}): Promise<SshHost> {
  const temp = await tempFolder("octo-ssh");
  const folder = temp.path;
  const run = options.run ?? folder;
  const { home, identityFile, hostKey } = await makeSshFiles(folder);
  const port = await freePort();
  const [configFile, knownHostsFile, sshdFile] = [join(folder, "config"), join(folder, "known_hosts"), join(folder, "sshd_config")];
  await writeFile(knownHostsFile, `[127.0.0.1]:${port} ${hostKey}\n`);
  await writeFile(
    sshdFile,
    sshdConfig({ folder, home, run }, { ...options, config: [`Port ${port}`, "ListenAddress 127.0.0.1", ...(options.config ?? [])] }),
  );
  const writeClientConfig = (lines: readonly string[]) =>
    writeFile(configFile, `${[...lines, ...clientConfig({ identityFile, knownHostsFile, host: "127.0.0.1", port })].join("\n")}\n`);
  await writeClientConfig([]);

  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    child = startSshd(sshdFile, join(folder, "sshd.log"));
    await eventually(() => canConnect("127.0.0.1", port), { timeoutMs: 10_000 });
  };
  const stop = async (): Promise<void> => {
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const processes = createProcesses(process.platform);
    const identity = await processes.identify(child.pid);
    const sessions = identity === undefined ? [] : await processes.descendants(identity);
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
    // Its connections are children of it; what these started is not sshd's.
    for (const session of sessions) if (await isSshd(session.pid)) await processes.signal(session, "SIGKILL");
  };
  await start();
  return {
    folder,
    home,
    run,
    port,
    configFile,
    knownHostsFile,
    identityFile,
    writeClientConfig,
    start,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      await endAll(run, temp);
    },
  };
}

/** Ends what a host's commands left, and fails when anything cannot be ended. */
export async function endAll(run: string, temp: TempFolder): Promise<void> {
  const processes = createProcesses(process.platform);
  for (const identity of await processes.findByEnvironment("OCTO_TEST_RUN", run)) await processes.signal(identity, "SIGKILL");
  await expectNoProcessesWith("OCTO_TEST_RUN", run);
  await temp[Symbol.asyncDispose]();
}

/** In the foreground, its words in a file. */
function startSshd(configFile: string, logFile: string): ChildProcess {
  if (sshdPath === undefined) throw new Error(sshdMissing);
  // Where root's sshd puts its unprivileged half.
  if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
  const child = spawn(sshdPath, ["-D", "-E", logFile, "-f", configFile], { stdio: "ignore" });
  // A test that hangs never gives its host back.
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  child.once("exit", () => process.off("exit", end));
  return child;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

export async function canConnect(host: string, port: number): Promise<void> {
  const socket = connect({ host, port });
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(1_000) });
  } finally {
    socket.destroy();
  }
}

async function isSshd(pid: number): Promise<boolean> {
  return (await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "")).trim().startsWith("sshd");
}

/** Adds lines to a file of the host's home. */
export async function addToHome(host: Pick<SshHost, "home">, name: string, text: string): Promise<void> {
  await appendFile(join(host.home, name), text);
}
