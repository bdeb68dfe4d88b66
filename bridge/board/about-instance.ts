import { nextStep } from "../../shared/errors";
import type { InstanceView } from "../../shared/instance";
import { showAge, showBytes } from "../figures";
import { oneLine } from "../inert";
import { type Line, span } from "../paint/line";
import { wrap } from "../paint/text";
import { instanceLook } from "../panes/looks";
import { field, fields } from "./fields";
import type { BoardState } from "./state";

export function aboutInstance(instance: InstanceView, state: BoardState): readonly Line[] {
  const { columns } = state.size;
  const { error, rssBytes, startedAtEpochMs } = instance;
  const mine = [...state.world.tasks.values()].map(({ task }) => task).filter(({ instanceId }) => instanceId === instance.id);
  const live = mine.filter((task) => task.state === "running" || task.state === "waiting");
  // The instance's own view is told only when the instance itself changes.
  const running = live.filter((task) => task.state === "running").length;
  return [
    [span(oneLine(instance.name), "bold")],
    ...field("state", [span(instance.state, instanceLook(instance.state))]),
    ...fields(columns, [
      ["instance", instance.id],
      ["host", instance.host],
      ["port", String(instance.port)],
      ["pid", instance.pid === undefined ? undefined : String(instance.pid)],
      ["version", instance.version],
      [
        "started",
        startedAtEpochMs === undefined ? undefined : `${showAge(state.nowEpochMs - startedAtEpochMs)} ago, start ${instance.incarnation}`,
      ],
      ["memory", rssBytes === undefined ? undefined : showBytes(rssBytes)],
      ["slots", `${running} of ${instance.slots} used, ${live.length - running} waiting`],
      ["labels", instance.labels.join(", ")],
    ]),
    ...(error ? wrap(`${error.code}: ${error.message}\n${nextStep(error)}`, columns).map((line): Line => [span(line, "red")]) : []),
    ...(live.length > 0 ? [[], [span("tasks", "dim")], ...live.map(({ title }): Line => [span("  "), span(oneLine(title))])] : []),
  ];
}
