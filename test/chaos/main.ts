import { parseArgs } from "node:util";
import { runChaos } from "./run-chaos";

// npm run chaos -- --kills N [--seed S] [--real]: exit code 1 when a task was lost or done twice.
const { values } = parseArgs({ options: { kills: { type: "string" }, seed: { type: "string" }, real: { type: "boolean" } } });
const report = await runChaos({
  kills: Number(values.kills ?? 20),
  seed: Number(values.seed ?? 1),
  real: values.real ?? false,
  onStrike: (line) => console.error(line),
});
console.log(JSON.stringify(report, null, 2));
process.exitCode = report.lost.length + report.doubled.length + report.falseDeaths === 0 ? 0 : 1;
