import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { builtBridge } from "../helpers/built-program";
import { eventually } from "../helpers/eventually";
import { type OctoWorld, octoWorld, type WorldOptions } from "../helpers/octo-world";
import { WezTerm } from "./wezterm";
import type { WezTermOptions } from "./wezterm-options";

/** A user's machine with a bridge, and GUIs of WezTerm on it. */
export interface GuiWorld extends AsyncDisposable {
  readonly world: OctoWorld;
  openGui(options?: Partial<WezTermOptions>): Promise<WezTerm>;
  /** What `octo` was called with, one line a call. */
  octoCalls(): Promise<readonly string[]>;
}

/** `octo up` as the plugin sees it: starts the real bridge where none runs. */
const octoScript = (calls: string, node: string, bridge: string): string => `#!/bin/sh
echo "$@" >>'${calls}'
[ "$1" = up ] || exit 0
if [ -e "$HOME/octo-fails" ]; then echo "octo failed on purpose" >&2; exit 1; fi
${node} ${bridge} </dev/null >/dev/null 2>&1 &
while ! [ -S "$XDG_RUNTIME_DIR/octo/bridge.sock" ]; do sleep 0.05; done
echo "the bridge is up"
`;

export async function guiWorld(options: WorldOptions = {}): Promise<GuiWorld> {
  // Their tasks take no time, and are told all the same.
  const world = await octoWorld({ ...options, config: { notify: { quietUnderMs: 0 }, ...options.config } });
  const calls = join(world.folder, "octo-calls");
  const octo = join(world.folder, "bin/octo");
  await mkdir(join(world.folder, "bin"), { recursive: true });
  await writeFile(octo, octoScript(calls, process.execPath, await builtBridge()));
  await chmod(octo, 0o755);
  const environment = { ...world.environment, WEZTERM_UNIX_SOCKET: join(world.folder, "gui-sock"), SHELL: "/bin/sh" };
  const guis: WezTerm[] = [];
  return {
    world,
    async openGui(given = {}) {
      const gui = await WezTerm.start({ cwd: world.repository, ...given, environment: { ...environment, ...given.environment } });
      guis.push(gui);
      return gui;
    },
    octoCalls: async () => (await readFile(calls, "utf8").catch(() => "")).split("\n").filter((line) => line !== ""),
    async [Symbol.asyncDispose]() {
      try {
        for (const gui of guis) await gui[Symbol.asyncDispose]();
        await stopStranger(world);
      } finally {
        // Ends whatever of these is left.
        await world[Symbol.asyncDispose]();
      }
    },
  };
}

/** A bridge that the plugin started is nobody's child. */
async function stopStranger(world: OctoWorld): Promise<void> {
  const hello = await world.client.hello({ timeoutMs: 2_000 }).catch(() => undefined);
  if (!hello) return;
  await world.client.call("shut_down", { all: true }, { timeoutMs: 30_000 }).catch(() => undefined);
  await eventually(
    () => {
      try {
        process.kill(hello.bridge.pid, 0);
      } catch {
        return;
      }
      throw new Error("the bridge still runs");
    },
    { timeoutMs: 15_000 },
  );
}
