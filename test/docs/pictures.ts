import { inert } from "../../bridge/inert";
import { encode } from "../../bridge/paint/line";
import { widthOf } from "../../bridge/paint/text";
import { drawPane } from "../../bridge/panes/draw-pane";
import { withEntries } from "../../bridge/panes/output-tail";
import { freshPaneState } from "../../bridge/panes/pane-state";
import type { Counts } from "../../shared/snapshot";
import {
  asciiSigns,
  type StatusSigns,
  showCost,
  showHealth,
  showHosts,
  showQueued,
  showRunning,
  showWaiting,
  unicodeSigns,
} from "../../shared/status-text";
import { instanceId, sampleInstance, samplePermission, sampleTask, taskId } from "../fakes/samples";

/** What plugin/README.md shows as text, drawn by what draws it for real. */
export const pictures: Readonly<Record<string, () => string>> = { "status bar": statusBar, "thin pane": thinPane };

const counts: Counts = {
  ...{
    instances: 4,
    instancesReady: 3,
    running: 2,
    queued: 5,
    waiting: 1,
    succeeded: 0,
    failed: 0,
    costToday: 0.42,
    tokensToday: 0,
    dropped: 0,
  },
};

function statusBar(): string {
  const rows: readonly (readonly [string, string])[] = [
    [lineOf(counts, unicodeSigns), "one server of four is not ready, one permission waits for you"],
    [lineOf(counts, asciiSigns), "the same with ascii = true"],
    [lineOf({ ...counts, waiting: 0, hosts: 2, hostsReady: 1 }, unicodeSigns), "one of two SSH hosts is connected"],
    [
      `${lineOf({ ...counts, queued: 0, waiting: 0, costToday: 0 }, unicodeSigns)}  (stale)`,
      "just reloaded, or the bridge gives no answer",
    ],
    ["octo: not running", "start it with CTRL|SHIFT+O u, or octo up"],
    ["octo: update the bridge", "it is older than the plugin"],
    [
      `${lineOf({ ...counts, running: 0, waiting: 0, costToday: 0 }, unicodeSigns)}  sent tsk_3f9c: fix the tests`,
      "what you just did, for eight seconds",
    ],
  ];
  const width = Math.max(...rows.map(([line]) => widthOf(line)));
  return fenced(rows.map(([line, what]) => `${line}${" ".repeat(width - widthOf(line))}   ${what}`));
}

function lineOf(shown: Counts, signs: StatusSigns): string {
  const parts = [showHealth, showRunning, showQueued, showWaiting, showCost, showHosts].map((show) => show(shown, signs)?.text);
  return parts.filter((text) => text !== undefined).join("  ");
}

function thinPane(): string {
  const here = { instanceId: instanceId("0001") };
  const tasks = [
    sampleTask({
      ...here,
      id: taskId("3f9c"),
      state: "waiting",
      title: "publish the package",
      detail: "waits for you",
      usage: { tokensIn: 9_120, tokensOut: 845, cost: 0.11 },
    }),
    sampleTask({ ...here, id: taskId("81aa"), state: "running", title: "fix the tests", detail: "works" }),
    sampleTask({ ...here, id: taskId("7d02"), state: "succeeded", title: "add a changelog", detail: "done" }),
  ];
  const ask = samplePermission({
    taskId: taskId("3f9c"),
    content: {
      kind: "permission",
      permission: "bash",
      patterns: ["npm publish --access public"],
      always: ["npm publish *"],
      patternsLeftOut: 0,
      details: [],
    },
  });
  const output = withEntries(
    [],
    [
      { kind: "text", text: "The version is 2.1.0 and the build is clean. I publish it now.\n" },
      { kind: "tool", name: "bash", title: "npm run build", status: "completed" },
    ],
  );
  const content = {
    ...{ target: { kind: "instance", id: instanceId("0001") } as const, tasks, asks: [ask] },
    instance: sampleInstance({ running: 1, waiting: 1 }),
  };
  const lines = drawPane(content, freshPaneState, output, { columns: 78, rows: 13 });
  return fenced(lines.map((line) => inert(encode(line, 78, "none")).trimEnd()));
}

function fenced(lines: readonly string[]): string {
  return `\`\`\`text\n${lines.join("\n")}\n\`\`\`\n`;
}
