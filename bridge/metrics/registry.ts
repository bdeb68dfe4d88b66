/** A value of each label, in the order in which the metric names them. */
export type LabelValues = readonly string[];

export interface Counter {
  add(amount: number, ...labels: LabelValues): void;
}

export interface Histogram {
  observe(value: number, ...labels: LabelValues): void;
}

/** A sample that is read when somebody asks. */
export interface Reading {
  readonly labels?: LabelValues;
  readonly value: number;
}

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  lines(): readonly string[];
}

/** Label values come from names in code, but also from methods and codes of clients: a metric never grows beyond this. */
const seriesMax = 512;

/** Metrics in the text format of Prometheus 0.0.4. Source: https://prometheus.io/docs/instrumenting/exposition_formats/ */
export class Registry {
  readonly #metrics: Metric[] = [];

  counter(name: string, help: string, labelNames: readonly string[] = []): Counter {
    const series = new Series(labelNames, () => ({ value: 0 }));
    this.#metrics.push({
      ...{ name, help, type: "counter" },
      lines: () => series.entries().map(([labels, { value }]) => `${name}${labels} ${numberText(value)}`),
    });
    if (labelNames.length === 0) series.of([]);
    return {
      add(amount, ...labels) {
        const one = series.of(labels);
        if (one) one.value += amount;
      },
    };
  }

  /** `read` is called at each `text()`; counters whose sum somebody else keeps are read likewise. */
  reading(type: "gauge" | "counter", name: string, help: string, labelNames: readonly string[], read: () => readonly Reading[]): void {
    this.#metrics.push({
      ...{ name, help, type },
      lines: () => read().map(({ labels = [], value }) => `${name}${labelText(labelNames, labels)} ${numberText(value)}`),
    });
  }

  /** `bounds`: upper ends of the buckets, ascending, without the last (+Inf). */
  histogram(name: string, help: string, bounds: readonly number[], labelNames: readonly string[] = []): Histogram {
    const series = new Series(labelNames, () => ({ counts: bounds.map(() => 0), sum: 0, count: 0 }));
    this.#metrics.push({
      ...{ name, help, type: "histogram" },
      lines: () => series.entries().flatMap(([labels, one]) => histogramLines(name, labels, bounds, one)),
    });
    if (labelNames.length === 0) series.of([]);
    return {
      observe(value, ...labels) {
        const one = series.of(labels);
        if (!one) return;
        one.sum += value;
        one.count += 1;
        const bucket = bounds.findIndex((bound) => value <= bound);
        if (bucket >= 0) one.counts[bucket] = (one.counts[bucket] ?? 0) + 1;
      },
    };
  }

  text(): string {
    return this.#metrics
      .flatMap(({ name, help, type, lines }) => [`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${type}`, ...lines()])
      .map((line) => `${line}\n`)
      .join("");
  }
}

interface HistogramState {
  readonly counts: number[];
  sum: number;
  count: number;
}

function histogramLines(
  name: string,
  labels: string,
  bounds: readonly number[],
  { counts, sum, count }: HistogramState,
): readonly string[] {
  let soFar = 0;
  const buckets = bounds.map((bound, index) => {
    soFar += counts[index] ?? 0;
    return `${name}_bucket${withLabel(labels, "le", numberText(bound))} ${soFar}`;
  });
  return [
    ...buckets,
    `${name}_bucket${withLabel(labels, "le", "+Inf")} ${count}`,
    `${name}_sum${labels} ${numberText(sum)}`,
    `${name}_count${labels} ${count}`,
  ];
}

/** The states of one metric by their labels' text. */
class Series<State> {
  readonly #names: readonly string[];
  readonly #make: () => State;
  readonly #states = new Map<string, State>();

  constructor(names: readonly string[], make: () => State) {
    this.#names = names;
    this.#make = make;
  }

  /** Undefined for one series too many. */
  of(values: LabelValues): State | undefined {
    const labels = labelText(this.#names, values);
    const known = this.#states.get(labels);
    if (known || this.#states.size >= seriesMax) return known;
    const made = this.#make();
    this.#states.set(labels, made);
    return made;
  }

  entries(): readonly (readonly [string, State])[] {
    return [...this.#states];
  }
}

function labelText(names: readonly string[], values: LabelValues): string {
  if (names.length === 0) return "";
  return `{${names.map((name, index) => `${name}="${escapeLabel(values[index] ?? "")}"`).join(",")}}`;
}

function withLabel(labels: string, name: string, value: string): string {
  const label = `${name}="${value}"`;
  return labels === "" ? `{${label}}` : `${labels.slice(0, -1)},${label}}`;
}

function escapeLabel(value: string): string {
  return escapeHelp(value).replaceAll('"', '\\"');
}

function escapeHelp(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
}
