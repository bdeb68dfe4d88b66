import fc from "fast-check";
import { expect, test } from "vitest";
import { parseMetrics } from "../../bridge/cli/parse-metrics";
import { Registry } from "../../bridge/metrics/registry";
import { faultsOfMetrics } from "./grammar";

test("the text says what was counted, timed and read", () => {
  const registry = new Registry();
  const counter = registry.counter("c_total", "Counts.", ["kind"]);
  const times = registry.histogram("t_seconds", "Times.", [0.1, 1]);
  registry.reading("gauge", "g", "Reads.", [], () => [{ value: Number.POSITIVE_INFINITY }]);
  counter.add(1, "a");
  counter.add(2, "a");
  for (const value of [0.05, 0.1, 0.5, 7]) times.observe(value);
  expect(registry.text()).toBe(`# HELP c_total Counts.
# TYPE c_total counter
c_total{kind="a"} 3
# HELP t_seconds Times.
# TYPE t_seconds histogram
t_seconds_bucket{le="0.1"} 2
t_seconds_bucket{le="1"} 3
t_seconds_bucket{le="+Inf"} 4
t_seconds_sum 7.65
t_seconds_count 4
# HELP g Reads.
# TYPE g gauge
g +Inf
`);
});

test("any label and any help text gives a text that a scraper can read, and the same labels come back", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { maxLength: 5 }), fc.string({ minLength: 1 }), fc.double(), (labels, help, value) => {
      const registry = new Registry();
      const counter = registry.counter("c_total", `x ${help.replaceAll(/[\r\u2028\u2029\u0085]/g, "")}`, ["label"]);
      const times = registry.histogram("t_seconds", "Times.", [0.1, 1], ["label"]);
      const clean = [...new Set(labels.map((label) => label.replaceAll(/[\r\u2028\u2029\u0085]/g, "")))];
      for (const label of clean) {
        counter.add(1, label);
        times.observe(Math.abs(value), label);
      }
      expect(faultsOfMetrics(registry.text())).toEqual([]);
      const told = parseMetrics(registry.text()).filter(({ name }) => name === "c_total");
      expect(told.map((sample) => sample.labels.label)).toEqual(clean);
    }),
  );
});

test("a metric never has more than 512 series", () => {
  const registry = new Registry();
  const counter = registry.counter("c_total", "Counts.", ["kind"]);
  for (let number = 0; number < 2_000; number += 1) counter.add(1, `${number}`);
  expect(parseMetrics(registry.text())).toHaveLength(512);
});

test.each([
  ["c_total 1", "no TYPE"],
  ["# HELP c_total x\n# TYPE c_total counter\nc_total -1\n", "negative"],
  ["# HELP c x\n# TYPE c counter\nc 1\n", "_total"],
  ["# HELP g x\n# TYPE g gauge\ng 1\ng 2\n", "twice"],
  ['# HELP g x\n# TYPE g gauge\ng{a="\n"} 1\n', "no sample"],
  ['# HELP h x\n# TYPE h histogram\nh_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n', "shrink"],
])("the grammar sees a fault in %j", (text) => {
  expect(faultsOfMetrics(text)).not.toEqual([]);
});
