import { askCalls } from "./calls/ask-calls";
import { attachInfo } from "./calls/attach";
import { costCalls } from "./calls/cost-calls";
import { hostCalls } from "./calls/host-calls";
import { instanceCalls } from "./calls/instance-calls";
import { paneCalls } from "./calls/pane-calls";
import { resultCalls } from "./calls/result-calls";
import { taskCalls } from "./calls/task-calls";
import type { BridgeService } from "./service";
import type { ServiceParts } from "./service-parts";
import { stopAllInstances } from "./shut-down";

/** What the socket serves, put together from the calls. */
export function createBridgeService(parts: ServiceParts): BridgeService {
  const { publisher, output, panes } = parts;
  return {
    calls: {
      ...taskCalls(parts),
      ...resultCalls(parts),
      ...instanceCalls(parts),
      ...hostCalls(parts),
      ...askCalls(parts),
      ...paneCalls(parts),
      ...costCalls(parts),
      hook_runs: async ({ limit = 50 }) => ({ runs: (await parts.telling?.hookRuns(limit)) ?? [] }),
      get_snapshot: async () => publisher.fullSnapshot(),
      get_status: async () => publisher.statusSnapshot(),
      async shut_down({ all }) {
        const stoppedInstances = all ? await stopAllInstances(parts) : 0;
        parts.shutDown();
        return { stoppedInstances };
      },
    },
    bridgeView: parts.bridgeView,
    statusSnapshot(guiId) {
      const snapshot = publisher.statusSnapshot();
      if (guiId === undefined || !panes) return snapshot;
      return { ...snapshot, panes: panes.keeper.places(guiId, panes.instanceOf) };
    },
    onRevisionAfter: (since, call) => publisher.onRevisionAfter(since, call),
    subscribe: (receive) => publisher.subscribe(receive),
    subscribeOutput: (taskId, receive) => output.watch(taskId, receive),
    subscribeSaid: (receive) => output.watchAll(receive),
    attach: (target) => attachInfo(parts, target),
    paneCursor(guiId, paneId) {
      const key = { guiId, paneId };
      return {
        shows: (taskId) => panes?.cursors.shows(key, taskId),
        onWish: (call) => panes?.cursors.onWish(key, call) ?? (() => undefined),
      };
    },
  };
}
