import { join } from "node:path";
import { tempFolder } from "../helpers/temp-folder";
import { WezTerm } from "./wezterm";
import type { WezTermOptions } from "./wezterm-options";

/** A GUI without a bridge, which nobody starts. `prepare` gets octo's state folder before the GUI starts. */
export async function loneGui(options: Partial<WezTermOptions>, prepare?: (stateFolder: string) => Promise<unknown>) {
  const folder = await tempFolder("octo-g");
  const stateFolder = join(folder.path, ".local/state/octo");
  await prepare?.(stateFolder);
  const environment = { HOME: folder.path, XDG_RUNTIME_DIR: folder.path, PATH: process.env.PATH ?? "", WEZTERM_UNIX_SOCKET: "/nowhere" };
  const given = { options: "{ start = false }", ...options, environment: { ...environment, ...options.environment } };
  const gui = await WezTerm.start(given).catch(async (thrown: unknown) => {
    await folder[Symbol.asyncDispose]();
    throw thrown;
  });
  return {
    gui,
    stateFolder,
    async [Symbol.asyncDispose]() {
      await gui[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}
