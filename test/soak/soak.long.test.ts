import { expect, test } from "vitest";
import { runSoak } from "./soak";

// A tenth of the soak that is measured (`npm run bench -- soak`): enough to see what is never given back.

test.skipIf(process.platform !== "linux")("keeps nothing of tasks that ended and clients that went", async () => {
  const report = await runSoak({ events: 100_000, seed: 1 });
  expect(report.ended.succeeded + report.ended.failed).toBe(report.tasks);
  expect(report.ended.failed).toBeLessThan(report.tasks / 50);
  expect(report.quiet.end.descriptors).toBeLessThanOrEqual(report.quiet.warm.descriptors);
  // The bounded memories of the latest sessions and outputs are not full by then: 40 MiB were seen for a million events.
  expect(report.quiet.end.rssBytes - report.quiet.warm.rssBytes).toBeLessThan(60 * 1024 ** 2);
});
