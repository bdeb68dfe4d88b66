import type { TaskId } from "../../../shared/ids";
import type { PaneView } from "../../../shared/pane";
import type { OpenPane, PaneTarget } from "../../core/panes";
import { OctoError } from "../../octo-error";
import { Claims } from "../panes/claims";
import { isInstanceId, isTaskId, type Panes } from "../panes/create-panes";
import type { BridgeCalls } from "../service";
import type { ServiceParts } from "../service-parts";
import { findTask } from "../task-lookup";

type PaneCalls = Pick<BridgeCalls, "register_gui" | "list_guis" | "open_pane" | "open_panes" | "close_pane" | "pane_views" | "claim_toast">;

/** News are told at once or never. */
const claimsMax = 256;

export function paneCalls(parts: ServiceParts): PaneCalls {
  const panes = (): Panes => {
    if (!parts.panes) throw new OctoError("METHOD_NOT_YET", "this bridge opens no panes");
    return parts.panes;
  };
  const views = (guiId: number, open: readonly OpenPane[]): readonly PaneView[] =>
    open.map(({ paneId, target }) => ({
      paneId,
      target,
      instanceId: panes().instanceOf(target),
      taskId: panes().cursors.shownIn({ guiId, paneId }) ?? (isTaskId(target) ? target : undefined),
    }));
  const claims = new Claims(claimsMax);
  return {
    async register_gui({ guiId, weztermSocket, weztermCommand, sshAuthSock, version }) {
      const { host, keeper } = panes();
      await keeper.register({ guiId, socketPath: weztermSocket, command: weztermCommand, version });
      await host.greeted({ sshAuthSock });
      const { paneCommand, spoolFolder } = host;
      return { bridge: parts.bridgeView(), view: parts.config.panes.view, paneCommand, spoolFolder };
    },

    list_guis: async () => ({ guis: (await panes().keeper.guis()).map(({ guiId, version }) => ({ guiId, version })) }),

    async open_pane({ target, guiId, focus = false, auto = false, ...where }) {
      const { instance, cursor } = resolve(parts, panes(), target);
      const opened = await panes().keeper.open({ guiId, target: instance, cursor, focus, auto, ...where });
      if (opened && cursor !== undefined) panes().cursors.wish({ guiId, paneId: opened.paneId }, cursor);
      return { paneId: opened?.paneId, notice: opened?.notice };
    },

    open_panes: async (where) => ({ panes: views(where.guiId, await panes().keeper.openLost(where)) }),

    claim_toast: async ({ subject }) => ({ granted: claims.take(subject) && (parts.telling?.mayToast(subject) ?? true) }),

    close_pane: async ({ guiId, paneId }) => ({ closed: await panes().keeper.close(guiId, paneId) }),

    pane_views: async ({ guiId }) => ({ panes: views(guiId, await panes().keeper.panes(guiId)) }),
  };
}

/** A task is shown in its instance's pane, one pane an instance; without one yet, in a pane of its own. INSTANCE_UNKNOWN, TASK_UNKNOWN. */
function resolve(parts: ServiceParts, panes: Panes, target: PaneTarget): { readonly instance: PaneTarget; readonly cursor?: TaskId } {
  const { instances } = parts.engine.state;
  if (isInstanceId(target)) {
    if (!instances.has(target)) throw new OctoError("INSTANCE_UNKNOWN", `there is no instance ${target}`);
    return { instance: target };
  }
  if (!isTaskId(target)) throw new OctoError("REQUEST_INVALID", `${target} is neither an instance nor a task`);
  const { id } = findTask(parts, target);
  const instance = panes.instanceOf(id);
  return instance !== undefined && instances.has(instance) ? { instance, cursor: id } : { instance: id };
}
