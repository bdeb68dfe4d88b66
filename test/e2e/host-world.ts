import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { HostView } from "../../shared/host";
import type { HostId, InstanceId } from "../../shared/ids";
import type { InstanceView } from "../../shared/instance";
import type { AddHostParams } from "../../shared/protocol";
import { eventually } from "../helpers/eventually";
import { fakeOpenCode } from "../helpers/fake-opencode-source";
import { type OctoWorld, octoWorld, type WorldOptions } from "../helpers/octo-world";
import type { OpenCodeSource } from "../helpers/opencode-source";
import { type SshMachine, sshMachine } from "../helpers/ssh-machine";
import { tempFolder } from "../helpers/temp-folder";

export interface HostWorld extends AsyncDisposable {
  readonly octo: OctoWorld;
  readonly machines: readonly SshMachine[];
}

const names = ["alpha", "beta", "gamma"];

/** A user's machine with its bridge, and others beside it that its ssh configuration names. */
export async function hostWorld(
  count: number,
  options: WorldOptions & { readonly hosts?: Readonly<Record<string, unknown>> } = {},
): Promise<HostWorld> {
  const temp = await tempFolder("octo-hosts");
  const machines: SshMachine[] = [];
  for (let index = 0; index < count; index += 1) machines.push(await sshMachine());
  const sshConfigFile = join(temp.path, "config");
  const blocks = machines.map(({ address, identityFile, knownHostsFile }, index) =>
    [
      `Host ${names[index]}`,
      `HostName ${address}`,
      "Port 2222",
      "User root",
      `IdentityFile ${identityFile}`,
      `UserKnownHostsFile ${knownHostsFile}`,
    ].join("\n  "),
  );
  await writeFile(sshConfigFile, `${[...blocks, "Host *", "  IdentitiesOnly yes", "  StrictHostKeyChecking yes"].join("\n")}\n`);
  let source: OpenCodeSource | undefined;
  const openCode = async (folder: string): Promise<OpenCodeSource> => {
    source = await (options.openCode ?? fakeOpenCode)(folder);
    return source;
  };
  // The source's command is known only once it is made.
  const octo = await octoWorld({ ...options, openCode, start: false });
  await octo.configure({ ...options.config, hosts: { sshConfigFile, command: source?.command, ...options.hosts } });
  await octo.startBridge();
  return {
    octo,
    machines,
    async [Symbol.asyncDispose]() {
      for (const machine of machines) await machine.linkUp();
      try {
        await octo[Symbol.asyncDispose]();
      } finally {
        for (const machine of machines) await machine[Symbol.asyncDispose]();
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
  return instanceOf(octo, made.id, "ready");
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
