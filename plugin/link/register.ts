import * as wezterm from "wezterm";
import { environmentVariable } from "../environment";
import { logInfo } from "../log";
import { setup } from "../setup";
import { pluginVersion } from "../version";
import { type CallResult, callOpenly } from "./call";
import { prepareRequestFile } from "./request-files";
import { spoolFolder, takeSettings } from "./settings";

/** Tells the bridge about this GUI: it opens panes through the GUI's own socket. In handlers only. Yields. */
export function registerGui(): CallResult {
  const { guiId, options } = setup();
  const weztermSocket = environmentVariable("WEZTERM_UNIX_SOCKET");
  if (weztermSocket === undefined) return { ok: false, code: "GUI_UNKNOWN", message: "WezTerm has no socket", next: "" };
  const sshAuthSock = absolute(environmentVariable("SSH_AUTH_SOCK"));
  const registered = callOpenly("register_gui", {
    guiId,
    weztermSocket,
    weztermCommand: options.wezterm ?? `${wezterm.executable_dir}/wezterm`,
    version: pluginVersion,
    ...(sshAuthSock === undefined ? {} : { sshAuthSock }),
  });
  if (registered.ok) takeSettings(registered.result);
  else logInfo(`this GUI has no panes of octo: ${registered.code}: ${registered.message}`);
  prepareRequestFile(spoolFolder());
  return registered;
}

function absolute(path: string | undefined): string | undefined {
  return path !== undefined && string.sub(path, 1, 1) === "/" ? path : undefined;
}
