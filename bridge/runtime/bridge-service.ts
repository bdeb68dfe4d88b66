import { askCalls } from "./calls/ask-calls";
import { instanceCalls } from "./calls/instance-calls";
import { paneCalls } from "./calls/pane-calls";
import { taskCalls } from "./calls/task-calls";
import type { BridgeService } from "./service";
import type { ServiceParts } from "./service-parts";
import { stopAllInstances } from "./shut-down";

/** What the socket serves, put together from the calls. */
export function createBridgeService(parts: ServiceParts): BridgeService {
  const { publisher, output } = parts;
  return {
    calls: {
      ...taskCalls(parts),
      ...instanceCalls(parts),
      ...askCalls(parts),
      ...paneCalls(),
      get_snapshot: async () => publisher.fullSnapshot(),
      get_status: async () => publisher.statusSnapshot(),
      async shut_down({ all }) {
        const stoppedInstances = all ? await stopAllInstances(parts) : 0;
        parts.shutDown();
        return { stoppedInstances };
      },
    },
    bridgeView: parts.bridgeView,
    statusSnapshot: () => publisher.statusSnapshot(),
    onRevisionAfter: (since, call) => publisher.onRevisionAfter(since, call),
    subscribe: (receive) => publisher.subscribe(receive),
    subscribeOutput: (taskId, receive) => output.watch(taskId, receive),
  };
}
