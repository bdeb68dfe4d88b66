/**
 * Prometheus' text format 0.0.4, as promtool checks it. Source: https://prometheus.io/docs/instrumenting/exposition_formats/
 * Gives a sentence for each fault of the text.
 */
export function faultsOfMetrics(text: string): readonly string[] {
  const faults: string[] = [];
  const types = new Map<string, string>();
  const helped = new Set<string>();
  const closed = new Set<string>();
  const seen = new Set<string>();
  let current = "";
  if (!text.endsWith("\n")) faults.push("the text does not end with a line feed");
  for (const line of text.split("\n").slice(0, -1)) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line);
    if (comment) {
      const [, kind = "", name = "", rest = ""] = comment;
      if (name !== current) {
        if (closed.has(name)) faults.push(`${name} comes in two places`);
        closed.add(current);
        current = name;
      }
      if (kind === "HELP" && helped.has(name)) faults.push(`${name} has two HELP lines`);
      if (kind === "HELP") helped.add(name);
      if (kind === "TYPE" && types.has(name)) faults.push(`${name} has two TYPE lines`);
      if (kind === "TYPE" && !/^(counter|gauge|histogram|summary|untyped)$/.test(rest)) faults.push(`${name} has the type ${rest}`);
      if (kind === "TYPE") types.set(name, rest);
      continue;
    }
    const sample = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\n"])*",?)*\})? (\S+)$/.exec(line);
    if (!sample) {
      faults.push(`no sample: ${line}`);
      continue;
    }
    const [, name = "", labels = "", value = ""] = sample;
    const type = types.get(current) ?? "";
    const ends = type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
    if (!ends.some((end) => name === `${current}${end}`)) faults.push(`${name} stands below ${current} (${type})`);
    if (!/^[+-]Inf$|^NaN$/.test(value) && !Number.isFinite(Number(value))) faults.push(`${name} has the value ${value}`);
    if (type === "counter" && !name.endsWith("_total")) faults.push(`the counter ${name} does not end with _total`);
    if (type === "counter" && Number(value) < 0) faults.push(`the counter ${name} is negative`);
    if (seen.has(name + labels)) faults.push(`${name}${labels} comes twice`);
    seen.add(name + labels);
  }
  for (const name of types.keys()) if (!helped.has(name)) faults.push(`${name} has no HELP`);
  return [...faults, ...histogramFaults(text, types)];
}

/** Buckets grow, and the last holds all. */
function histogramFaults(text: string, types: ReadonlyMap<string, string>): readonly string[] {
  const faults: string[] = [];
  for (const [name, type] of types) {
    if (type !== "histogram") continue;
    const series = new Map<string, number[]>();
    for (const [, labels = "", le = "", count] of text.matchAll(new RegExp(`^${name}_bucket\\{(.*?),?le="([^"]+)"\\} (\\d+)$`, "gm"))) {
      series.set(labels, [...(series.get(labels) ?? []), Number(count)]);
      if (le !== "+Inf" && !Number.isFinite(Number(le))) faults.push(`${name} has a bucket ${le}`);
    }
    for (const [labels, counts] of series) {
      if (counts.some((count, index) => count < (counts[index - 1] ?? 0))) faults.push(`the buckets of ${name}{${labels}} shrink`);
      const whole = new RegExp(`^${name}_count${labels === "" ? "" : `\\{${escaped(labels)}\\}`} (\\d+)$`, "m").exec(text)?.[1];
      if (Number(whole) !== counts.at(-1)) faults.push(`the last bucket of ${name}{${labels}} is not its count`);
    }
  }
  return faults;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
