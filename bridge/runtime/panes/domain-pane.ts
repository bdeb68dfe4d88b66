import type { InstanceId, TaskId } from "../../../shared/ids";
import type { PaneTarget } from "../../core/panes";
import type { CoreState } from "../../core/state";
import type { Task } from "../../core/task";
import type { RemoteAttach } from "../../ports/hosts";
import { sessionOfTask } from "../calls/attach";
import type { HostKeeper } from "../hosts/host-keeper";

/** A pane of an instance whose host has a domain of WezTerm. */
export type DomainPane =
  /** OpenCode's own TUI, on the host: the socket of the bridge, and with it the thin view, is on this machine only. */
  | { readonly kind: "there"; readonly domain: string; readonly attach: RemoteAttach }
  /** Why it is local all the same. */
  | { readonly kind: "here"; readonly notice: string };

/** What to open for a target; undefined where its pane is local anyway. `cursor`: the task that the person chose. Never raises. */
export type FindDomainPane = (target: PaneTarget, cursor: TaskId | undefined) => Promise<DomainPane | undefined>;

export interface DomainPaneParts {
  readonly state: () => CoreState;
  readonly passwordOf: (instanceId: InstanceId) => string;
  readonly taskOf: (id: TaskId) => Task | undefined;
  readonly hosts: Pick<HostKeeper, "domainOf" | "attachThere">;
  /** The instance that a target is shown with. */
  readonly instanceOf: (target: PaneTarget) => string | undefined;
}

export function findDomainPanes({ state, taskOf, hosts, instanceOf, passwordOf }: DomainPaneParts): FindDomainPane {
  /** The one asked for; else the latest that works there. */
  const sessionFor = (instanceId: string, cursor: TaskId | undefined) => {
    const chosen = cursor && taskOf(cursor);
    const working = state()
      .tasks.active()
      .filter((task) => task.state.attempt.instanceId === instanceId);
    const sessions = [...(chosen ? [chosen] : []), ...working.reverse()].flatMap((task) => sessionOfTask(task) ?? []);
    return sessions.find((session) => session.instanceId === instanceId);
  };
  return async (target, cursor) => {
    const instance = [...state().instances.values()].find(({ id }) => id === instanceOf(target));
    const place = instance && hosts.domainOf(instance.host);
    if (!instance || !place) return undefined;
    // WezTerm stands still while it tries to reach a host that is away (its issue 4283).
    if (!place.connected) return { kind: "here", notice: `${instance.host} cannot be reached: the pane is local` };
    try {
      const { directory, sessionId } = sessionFor(instance.id, cursor) ?? {};
      const { id: instanceId, incarnation } = instance;
      const password = passwordOf(instanceId);
      const attach = await hosts.attachThere(instance.host, { instanceId, incarnation, password, directory, sessionId });
      return { kind: "there", domain: place.domain, attach };
    } catch (thrown) {
      return { kind: "here", notice: `the pane is local: ${thrown instanceof Error ? thrown.message : String(thrown)}` };
    }
  };
}
