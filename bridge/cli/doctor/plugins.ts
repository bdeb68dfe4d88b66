import { OctoError } from "../../octo-error";
import { octoVersion } from "../../version";
import { compareVersions } from "../versions";
import { type Check, type Finding, ok, warn } from "./check";

/** The plugins of the WezTerms that run, by the version that each told the bridge; one that was not loaded yet is not seen. */
export const pluginsCheck: Check = {
  name: "plugin",
  async run({ client }): Promise<Finding> {
    try {
      const { guis } = await client.call("list_guis", {}, { timeoutMs: 5_000 });
      const odd = guis.find(({ version = "" }) => compareVersions(version, octoVersion) !== 0);
      if (odd !== undefined) return mismatch(odd.guiId, odd.version);
      if (guis.length === 0) return ok("no WezTerm with octo's plugin has said hello to this bridge");
      return ok(`version ${octoVersion} in WezTerm ${guis.map(({ guiId }) => guiId).join(", ")}`);
    } catch (thrown) {
      if (!(thrown instanceof OctoError)) throw thrown;
      if (thrown.code === "BRIDGE_NOT_RUNNING") return ok("not looked at, since the bridge does not run");
      if (thrown.code === "METHOD_UNKNOWN") return warn("the bridge is older and does not tell", "Run `octo up`: it takes over.");
      throw thrown;
    }
  },
};

function mismatch(guiId: number, version: string | undefined): Finding {
  const what = `the plugin of WezTerm ${guiId} is version ${version ?? "unknown"}, this octo ${octoVersion}`;
  if (compareVersions(version ?? "", octoVersion) > 0) return warn(what, "Update this octo, then run `octo up`: it takes over.");
  return warn(what, "Let WezTerm load the `plugin/init.lua` of this octo (see the README, WezTerm), and reload its configuration.");
}
