/**
 * Below 0 when `left` is the older version, above 0 when it is the newer one, as Semantic Versioning orders them; what follows a `+` says
 * nothing about order. What is no version counts as the oldest of all.
 */
export function compareVersions(left: string, right: string): number {
  const [one, other] = [partsOf(left), partsOf(right)];
  for (const [index, number] of one.numbers.entries()) {
    const difference = number - (other.numbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  if (one.pre === other.pre) return 0;
  // A release comes after its pre-releases.
  if (one.pre === "" || other.pre === "") return one.pre === "" ? 1 : -1;
  return one.pre.localeCompare(other.pre, "en", { numeric: true });
}

function partsOf(version: string): { readonly numbers: readonly number[]; readonly pre: string } {
  const [, major = -1, minor = 0, patch = 0, pre = ""] = /^v?(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-([\w.-]+))?/.exec(version) ?? [];
  return { numbers: [major, minor, patch].map(Number), pre };
}
