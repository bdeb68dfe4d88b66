import { parseArgs } from "node:util";
import { plantedBugs } from "./planted-bugs";
import { runSeeds } from "./run-seeds";
import { simulate } from "./simulation";

// npm run sim -- --seeds N [--seed FIRST] [--planted BUG]: exit code 1 and the failing seeds when something happened that must never.
// npm run sim -- --seed S: that seed alone, with everything that happened in it.
const { values } = parseArgs({ options: { seeds: { type: "string" }, seed: { type: "string" }, planted: { type: "string" } } });
const first = Number(values.seed ?? 1);
const planted = plantedBugs.find((name) => name === values.planted);
if (values.planted !== undefined && planted === undefined) throw new Error(`--planted is one of ${plantedBugs.join(", ")}`);

if (values.seeds === undefined && values.seed !== undefined) {
  const { lines, violations, digest } = await simulate({ seed: first, planted, tracing: true });
  console.log(lines.join("\n"));
  for (const what of violations) console.log(`VIOLATION ${what}`);
  console.log(`seed ${first}: digest ${digest}, ${violations.length} violations`);
  process.exitCode = violations.length === 0 ? 0 : 1;
} else {
  let done = 0;
  const summary = await runSeeds({
    first,
    count: Number(values.seeds ?? 1_000),
    planted,
    onResult: ({ seed, violations }) => {
      done += 1;
      for (const what of violations) console.log(`seed ${seed}: ${what}`);
      if (violations.length > 0) console.log(`  again: npm run sim -- --seed ${seed}${planted ? ` --planted ${planted}` : ""}`);
      if (done % 1_000 === 0) console.error(`${done} seeds`);
    },
  });
  const { failures, ...figures } = summary;
  console.log(JSON.stringify({ ...figures, seconds: Math.round(figures.seconds), failures: failures.length }));
  process.exitCode = failures.length === 0 ? 0 : 1;
}
