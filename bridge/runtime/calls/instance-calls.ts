import type { InstanceId } from "../../../shared/ids";
import type { AfterStop, Instance } from "../../core/instance";
import { inert } from "../../inert";
import { OctoError } from "../../octo-error";
import type { BridgeCalls } from "../service";
import type { ServiceParts } from "../service-parts";
import { instanceView, instanceViews } from "../views";
import { newInstances } from "./spawn";
import { parseInstancesResult } from "./stored-results";

type InstanceCalls = Pick<
  BridgeCalls,
  "spawn_opencode_server" | "list_opencode_servers" | "restart_instance" | "drain_instance" | "stop_instance" | "instance_log"
>;

const logLinesMax = 1_000;

export function instanceCalls(parts: ServiceParts): InstanceCalls {
  const { engine, requests } = parts;
  const find = (id: InstanceId): Instance => {
    const instance = engine.state.instances.get(id);
    if (!instance) throw new OctoError("INSTANCE_UNKNOWN", `there is no instance ${id}`);
    return instance;
  };
  const view = (id: InstanceId) => ({ instance: instanceView(find(id), engine.state.tasks.loads.get(id), engine.state.hosts) });
  const stop = async (instanceId: InstanceId, next: AfterStop, drain: boolean) => {
    find(instanceId);
    await engine.command({ events: [{ kind: "instance-stop-requested", instanceId, next, drain }] });
    return view(instanceId);
  };
  return {
    spawn_opencode_server: (params, { requestId }) =>
      requests.once(
        "spawn_opencode_server",
        requestId,
        params,
        (record) =>
          parts.spawning.run(async () => {
            const made = await newInstances(parts, params);
            const result = { instances: made.map((instance) => instanceView(instance, undefined, engine.state.hosts)) };
            await engine.command({ events: made.map((instance) => ({ kind: "instance-requested", instance })), record: record(result) });
            return result;
          }),
        parseInstancesResult,
      ),

    list_opencode_servers: async () => ({ instances: instanceViews(engine.state) }),

    restart_instance: ({ instanceId, drain = false }) => stop(instanceId, "start", drain),
    drain_instance: ({ instanceId }) => stop(instanceId, "stay", true),
    stop_instance: ({ instanceId }) => stop(instanceId, "stay", false),

    async instance_log({ instanceId, linesMax = 100 }) {
      const { launcher } = parts.hosts.of(find(instanceId).host);
      const message = inert(await launcher.lastStderr(instanceId, Math.min(linesMax, logLinesMax)));
      return { text: parts.redact?.({ code: "INSTANCE_EXITED", message }).message ?? message };
    },
  };
}
