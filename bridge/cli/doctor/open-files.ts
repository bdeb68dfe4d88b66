import { limits } from "../../../shared/protocol";
import { readOpenFilesMax } from "../../adapters/process/open-files";
import { defaultConfig } from "../../config/config";
import { readConfig } from "../../config/read-config";
import { shareOpenFiles } from "../../core/open-files";
import { parseMetrics } from "../parse-metrics";
import { type Check, type CheckContext, type Finding, ok, warn } from "./check";

/** The limit of the bridge that runs; without one, that of this shell, which a bridge started from it would get. */
export const openFilesCheck: Check = {
  name: "open files",
  async run(context): Promise<Finding> {
    const { max } = (await readConfig(context.folders.configFile).catch(defaultConfig)).instances;
    const ofBridge = await bridgeMax(context);
    const filesMax = ofBridge ?? (await readOpenFilesMax());
    if (filesMax === undefined) return warn("the limit of open files cannot be read", "See `ulimit -n`.");
    const wanted = { instancesMax: max, connectionsMax: limits.connectionsMax };
    const share = shareOpenFiles(filesMax, wanted);
    const who = ofBridge === undefined ? "a bridge started here" : "the bridge";
    const need = `${wanted.instancesMax} instances and ${wanted.connectionsMax} connections need ${share.filesNeeded}`;
    if (filesMax >= share.filesNeeded)
      return ok(`${who} may have ${filesMax === Number.MAX_SAFE_INTEGER ? "any number" : filesMax} open, ${need}`);
    return warn(
      `${who} may have ${filesMax} open, ${need}: it refuses more than ${share.instancesMax} instances and ${share.connectionsMax} connections`,
      "Raise the hard limit (`ulimit -Hn`; systemd: LimitNOFILE; macOS: `launchctl limit maxfiles`; Node takes all of it) and start the bridge anew, or lower `instances.max`.",
    );
  },
};

/** Undefined where no bridge runs, or an older one that does not tell. */
async function bridgeMax({ client }: CheckContext): Promise<number | undefined> {
  const text = await client.metrics().catch(() => "");
  return parseMetrics(text).find(({ name }) => name === "process_max_fds")?.value ?? undefined;
}
