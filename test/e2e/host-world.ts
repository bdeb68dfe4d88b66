import { writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import type { AddHostParams, HostView } from "../../shared/host";
import type { HostId, InstanceId } from "../../shared/ids";
import type { InstanceView } from "../../shared/instance";
import { eventually } from "../helpers/eventually";
import { fakeOpenCode } from "../helpers/fake-opencode-source";
import { type OctoWorld, octoWorld, type WorldOptions } from "../helpers/octo-world";
import type { OpenCodeSource } from "../helpers/opencode-source";
import { type SshMachine, sshMachine } from "../helpers/ssh-machine";
import { sshHost } from "../helpers/sshd";
import { tempFolder } from "../helpers/temp-folder";

export interface HostWorld extends AsyncDisposable {
  readonly octo: OctoWorld;
  readonly machines: readonly SshMachine[];
}

const names = ["alpha", "beta", "gamma"];

type Options = WorldOptions & { readonly hosts?: Readonly<Record<string, unknown>> };

/** A user's machine with its bridge, and others beside it that its ssh configuration names. */
export async function hostWorld(count: number, options: Options = {}): Promise<HostWorld> {
  const machines: SshMachine[] = [];
  for (let index = 0; index < count; index += 1) machines.push(await sshMachine());
  const world = await bridgeBeside(
    machines.map((machine) => ({ ...machine, port: 2222 })),
    options,
  );
  return {
    octo: world.octo,
    machines,
    async [Symbol.asyncDispose]() {
      for (const machine of machines) await machine.linkUp();
      try {
        await world[Symbol.asyncDispose]();
      } finally {
        for (const machine of machines) await machine[Symbol.asyncDispose]();
      }
    },
  };
}

/** With one host that is this machine by another way: it shares the network, and with it the model of a real OpenCode. */
export async function loopbackWorld(options: Options = {}): Promise<HostWorld> {
  const host = await sshHost();
  const world = await bridgeBeside([{ ...host, address: "127.0.0.1" }], options);
  return {
    octo: world.octo,
    machines: [],
    async [Symbol.asyncDispose]() {
      try {
        await world[Symbol.asyncDispose]();
      } finally {
        await host[Symbol.asyncDispose]();
      }
    },
  };
}

type Reached = Pick<SshMachine, "address" | "identityFile" | "knownHostsFile"> & { readonly port: number };

async function bridgeBeside(reached: readonly Reached[], options: Options): Promise<AsyncDisposable & { readonly octo: OctoWorld }> {
  const temp = await tempFolder("octo-hosts");
  const sshConfigFile = join(temp.path, "config");
  const blocks = reached.map(({ address, port, identityFile, knownHostsFile }, index) =>
    [
      `Host ${names[index]}`,
      `HostName ${address}`,
      `Port ${port}`,
      `User ${userInfo().username}`,
      `IdentityFile ${identityFile}`,
      `UserKnownHostsFile ${knownHostsFile}`,
    ].join("\n  "),
  );
  const always = ["Host *", "  IdentitiesOnly yes", "  IdentityAgent none", "  StrictHostKeyChecking yes"];
  await writeFile(sshConfigFile, `${[...blocks, ...always].join("\n")}\n`);
  let source: OpenCodeSource | undefined;
  const openCode = async (folder: string): Promise<OpenCodeSource> => {
    const made = await (options.openCode ?? fakeOpenCode)(folder);
    // Several machines share the one that runs the tests, and packs go between them.
    source = { ...made, patienceMs: Math.max(made.patienceMs, 60_000) };
    return source;
  };
  // The source's command is known only once it is made.
  const octo = await octoWorld({ ...options, openCode, start: false });
  await octo.configure({ ...options.config, hosts: { sshConfigFile, command: source?.command, ...options.hosts } });
  await octo.startBridge();
  return {
    octo,
    async [Symbol.asyncDispose]() {
      try {
        await octo[Symbol.asyncDispose]();
      } finally {
        await temp[Symbol.asyncDispose]();
      }
    },
  };
}

export const hostId = (name: string): HostId => name as HostId;

/** Adds a host of the world and waits until its instance takes work. */
export async function addHost({ octo }: HostWorld, name: string, more: Partial<AddHostParams> = {}): Promise<InstanceView> {
  const { instances } = await octo.client.call("add_host", { name: hostId(name), address: name, ...more });
  const [made] = instances;
  if (!made) throw new Error("no instance was made");
  return instanceOf(octo, made.id, "ready", octo.openCode.patienceMs + 15_000);
}

export function instanceOf(octo: OctoWorld, id: InstanceId, state: InstanceView["state"], timeoutMs = 30_000): Promise<InstanceView> {
  return eventually(
    async () => {
      const found = (await octo.client.call("list_opencode_servers", {})).instances.find((instance) => instance.id === id);
      expect(found).toMatchObject({ state });
      if (!found) throw new Error("gone");
      return found;
    },
    { timeoutMs },
  );
}

export async function hostView({ octo }: HostWorld, name: string): Promise<HostView> {
  const found = (await octo.client.call("list_hosts", {})).hosts.find((host) => host.name === name);
  if (!found) throw new Error(`no host ${name}`);
  return found;
}

export function linked(world: HostWorld, name: string, link: HostView["link"], timeoutMs = 20_000): Promise<void> {
  return eventually(async () => expect((await hostView(world, name)).link).toBe(link), { timeoutMs });
}
