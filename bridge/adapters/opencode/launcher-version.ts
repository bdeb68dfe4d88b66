import { OctoError } from "../../octo-error";

/** From `min` on, below `below`; `major.minor.patch` each. */
export interface VersionRange {
  readonly min: string;
  readonly below: string;
}

/** The versions whose API this adapter knows; OpenCode 2 has another one. */
export const supportedVersions: VersionRange = { min: "1.18.0", below: "2.0.0" };

/** OPENCODE_TOO_OLD, OPENCODE_TOO_NEW, or OPENCODE_ANSWER_INVALID when it is no version. A pre-release counts as its release. */
export function checkVersion(version: string, range: VersionRange): void {
  const given = numbersOf(version);
  if (given === undefined) throw new OctoError("OPENCODE_ANSWER_INVALID", `OpenCode says its version is "${version.slice(0, 60)}".`);
  const supported = `octo supports ${range.min} up to, not including, ${range.below}`;
  if (compare(given, numbersOf(range.min) ?? []) < 0) throw new OctoError("OPENCODE_TOO_OLD", `OpenCode is ${version}; ${supported}.`);
  if (compare(given, numbersOf(range.below) ?? []) >= 0) throw new OctoError("OPENCODE_TOO_NEW", `OpenCode is ${version}; ${supported}.`);
}

function numbersOf(version: string): readonly number[] | undefined {
  return /^v?(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number);
}

function compare(left: readonly number[], right: readonly number[]): number {
  for (const [index, number] of left.entries()) {
    const difference = number - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
