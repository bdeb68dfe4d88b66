// What every benchmark prints: goal, seen, and whether it holds. The exit code says it too.

export interface Verdict {
  readonly seen: number;
  readonly atMost?: number;
  readonly atLeast?: number;
  readonly unit: string;
}

export function heading(text: string): void {
  console.log(`\n${text}`);
}

export function verdict(what: string, { seen, atMost, atLeast, unit }: Verdict): void {
  if (atMost === undefined && atLeast === undefined) return console.log(`  (no goal)    ${what}: ${figure(seen)} ${unit}`);
  const holds = (atMost === undefined || seen <= atMost) && (atLeast === undefined || seen >= atLeast);
  const goal = [atMost === undefined ? [] : `at most ${figure(atMost)}`, atLeast === undefined ? [] : `at least ${figure(atLeast)}`].flat();
  const name = unit === "" ? "" : ` ${unit}`;
  console.log(`  ${holds ? "holds      " : "FALLS SHORT"}  ${what}: ${figure(seen)}${name} (goal: ${goal.join(", ")}${name})`);
  if (!holds) process.exitCode = 1;
}

function figure(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(3);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? Number.NaN) + high) / 2;
}

/** `share` from 0 to 1. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
