// A million events of real event streams, with clients and tasks that come and go: does the bridge keep anything of it? Memory of the last
// quarter against that of the second, by the system's figure and without any help to the garbage collector. The first quarter is the
// warm-up: until then the bridge's bounded memories (512 sessions a server, 256 tasks' outputs of 64 KB) fill. Linux alone.
// Run: npm run bench -- soak [--events 1000000] [--seed 1] [--samples]
import { parseArgs } from "node:util";
import { runSoak } from "../soak/soak";
import { heading, verdict } from "./report";

const { values } = parseArgs({
  options: {
    events: { type: "string", default: "1000000" },
    seed: { type: "string", default: "1" },
    samples: { type: "boolean", default: false },
  },
  allowPositionals: true,
});
const mib = 1024 ** 2;
const report = await runSoak({
  events: Number(values.events),
  seed: Number(values.seed),
  onSample: ({ events, rssBytes, heapBytes, descriptors }) => {
    if (values.samples) console.log(`${events}\t${(rssBytes / mib).toFixed(1)}\t${(heapBytes / mib).toFixed(1)}\t${descriptors}`);
  },
});
heading(`${report.events} events of ${report.tasks} tasks in ${report.seconds.toFixed(0)} s (seed ${values.seed})`);
console.log(`  ${JSON.stringify(report.ended)}, streams cut ${report.cuts} times, clients: ${JSON.stringify(report.visits)}`);
for (const [index, { rssBytes, heapBytes, descriptors }] of report.quarters.entries()) {
  const memory = `${(rssBytes / mib).toFixed(1)} MiB, of them ${(heapBytes / mib).toFixed(1)} MiB heap`;
  console.log(`  quarter ${index + 1}: ${memory}; ${descriptors} descriptors`);
}
const [, second, , last] = report.quarters;
verdict("growth of memory, second to last quarter", {
  seen: ((last?.rssBytes ?? Number.NaN) / (second?.rssBytes ?? Number.NaN) - 1) * 100,
  atMost: 5,
  unit: "%",
});
const { warm, end } = report.quiet;
console.log(`  at rest: ${(warm.rssBytes / mib).toFixed(1)} MiB after the warm-up, ${(end.rssBytes / mib).toFixed(1)} MiB at the end`);
verdict(`descriptors at rest at the end (${warm.descriptors} after the warm-up)`, {
  seen: end.descriptors,
  atMost: warm.descriptors,
  unit: "",
});
